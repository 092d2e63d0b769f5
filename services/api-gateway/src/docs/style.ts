/** Style of the documentation: plain, from the width of a phone on, light and dark as the reader's system is. */
export const style = `
:root{color-scheme:light dark;--back:#fff;--text:#1c2430;--soft:#5b6675;--line:#d8dde4;--quiet:#f4f6f8;--link:#1f5fbf;--get:#1f5fbf;--post:#1c7a45;--put:#8a5a00;--delete:#b3261e}
@media(prefers-color-scheme:dark){:root{--back:#14181f;--text:#e6e9ee;--soft:#9aa6b5;--line:#2d3541;--quiet:#1b2029;--link:#8ab4f8;--get:#8ab4f8;--post:#7ed09e;--put:#e3b860;--delete:#f2938c}}
*{box-sizing:border-box}
html{scroll-padding-top:16px}
body{margin:0;background:var(--back);color:var(--text);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{min-width:0;padding:24px 16px 64px;max-width:980px}
nav{padding:16px;border-bottom:1px solid var(--line);background:var(--quiet)}
nav ul{list-style:none;margin:0 0 8px;padding:0 0 0 12px}
nav summary,article summary{cursor:pointer;padding:4px 0}
nav a{display:block;padding:3px 0;text-decoration:none;font-size:14px}
a{color:var(--link)}
a:focus-visible,summary:focus-visible{outline:3px solid #c77700;outline-offset:2px}
h1{margin:0 0 8px;font-size:28px;line-height:1.25}
h2{margin:48px 0 8px;font-size:22px;border-bottom:1px solid var(--line);padding-bottom:6px}
h3{margin:32px 0 4px;font-size:17px;line-height:1.4}
h3 a{color:inherit;text-decoration:none}
h3 a:hover{text-decoration:underline}
h4{margin:20px 0 4px;font-size:14px;color:var(--soft)}
p{margin:0 0 8px}
code,pre{font:14px/1.5 ui-monospace,SFMono-Regular,Consolas,monospace}
pre{margin:8px 0;padding:12px;background:var(--quiet);border:1px solid var(--line);border-radius:6px;overflow:auto;max-height:480px;overflow-wrap:normal}
.method{display:inline-block;min-width:74px;font-weight:700}
.get{color:var(--get)}.post{color:var(--post)}.put,.patch{color:var(--put)}.delete{color:var(--delete)}
.soft{color:var(--soft);font-size:14px}
.soft code{font-size:13px}
dl{margin:0}
dl>div{padding:8px 0;border-top:1px solid var(--line)}
dl>div:first-child{border-top:0}
dt{display:flex;flex-wrap:wrap;gap:2px 10px;align-items:baseline}
dd{margin:2px 0 0;font-size:15px}
@media(min-width:960px){
body{display:grid;grid-template-columns:300px minmax(0,1fr)}
nav{position:sticky;top:0;height:100vh;overflow:auto;border:0;border-right:1px solid var(--line)}
main{padding:32px 40px 96px}
dl>div{display:grid;grid-template-columns:minmax(0,300px) minmax(0,1fr);gap:16px}
dt{display:block}
dt .soft{display:block}
}
`;
