import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

type NativeAnchor = AnchorHTMLAttributes<HTMLAnchorElement> & { ref?: Ref<HTMLAnchorElement> };

/** Mantine's look on the router's typed link. */
export const TextLink = createLink((props: AnchorProps & Omit<NativeAnchor, keyof AnchorProps>) => (
  <Anchor {...props} />
));

export const ButtonLink = createLink((props: ButtonProps & Omit<NativeAnchor, keyof ButtonProps>) => (
  <Button component="a" {...props} />
));
