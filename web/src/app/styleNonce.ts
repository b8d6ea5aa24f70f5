import { setNonce } from 'get-nonce';

/** The nonce the host wrote into the page, for the style elements that components make at run time. */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

// Where Mantine's scroll lock looks for it.
setNonce(styleNonce);
