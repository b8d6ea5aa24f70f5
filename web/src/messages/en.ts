import { account } from './account';
import { adapters } from './adapters';
import { admin } from './admin';
import { changes } from './changes';
import { coa } from './coa';
import { common } from './common';
import { decisions } from './decisions';
import { defaults } from './defaults';
import { diagnose } from './diagnose';
import { home } from './home';
import { ipam } from './ipam';
import { jobs } from './jobs';
import { lines } from './lines';
import { login } from './login';
import { nas } from './nas';
import { network } from './network';
import { profiles } from './profiles';
import { provisioning } from './provisioning';
import { repairs } from './repairs';
import { rundata } from './rundata';
import { sessions } from './sessions';
import { subscribers } from './subscribers';
import { usage } from './usage';

export const en = {
  ...account,
  ...adapters,
  ...admin,
  ...changes,
  ...coa,
  ...common,
  ...decisions,
  ...defaults,
  ...diagnose,
  ...home,
  ...ipam,
  ...lines,
  ...jobs,
  ...login,
  ...nas,
  ...network,
  ...profiles,
  ...provisioning,
  ...repairs,
  ...rundata,
  ...sessions,
  ...subscribers,
  ...usage,
} as const;
