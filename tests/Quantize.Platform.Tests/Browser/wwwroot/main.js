// Runs the probe and posts what it prints to the server that served this page.
import { dotnet } from './_framework/dotnet.js';

const lines = [];
for (const level of ['log', 'error']) {
  const print = console[level];
  console[level] = (...words) => {
    lines.push(words.join(' '));
    print(...words);
  };
}

try {
  const { runMain } = await dotnet.create();
  await runMain();
} catch (error) {
  lines.push(`failed\t${error}`);
}

await fetch('report', { method: 'POST', body: lines.join('\n') });
