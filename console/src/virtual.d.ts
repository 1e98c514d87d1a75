// Made by build/theme-css.ts.
declare module 'virtual:theme.css';
/** A file as text. */
declare module '*?raw' {
  const text: string;
  export default text;
}
