import { account } from './account';
import { admin } from './admin';
import { common } from './common';
import { decisions } from './decisions';
import { diagnose } from './diagnose';
import { home } from './home';
import { login } from './login';
import { nas } from './nas';
import { profiles } from './profiles';
import { sessions } from './sessions';
import { subscribers } from './subscribers';

export const en = {
  ...account,
  ...admin,
  ...common,
  ...decisions,
  ...diagnose,
  ...home,
  ...login,
  ...nas,
  ...profiles,
  ...sessions,
  ...subscribers,
} as const;
