import { events, type ServerShapes } from './shape.ts';

const piece = '{"choices":[{"delta":{"content":"A"}}]}';
const end = '{"choices":[{"delta":{"content":"B"},"finish_reason":"stop"}]}';

/** What is between: proxies, and servers that keep to no one's form. */
export const gateways: ServerShapes = {
  server: 'proxies and gateways',
  sources: [
    'https://html.spec.whatwg.org/multipage/server-sent-events.html',
    'https://github.com/inferencerlabs/inferencer-feedback/issues/42',
    'https://github.com/pollinations/pollinations/issues/4602',
  ],
  answers: [
    {
      what: 'a stream that is called plain text',
      contentType: 'text/plain',
      body: events(piece, end),
      text: 'AB',
      finish: 'stop',
    },
    {
      what: 'a stream that is called JSON',
      contentType: 'application/json',
      body: events(piece, end),
      text: 'AB',
      finish: 'stop',
    },
    {
      what: 'a whole answer that is called a stream',
      body: '{"choices":[{"message":{"content":"AB"},"finish_reason":"stop"}]}',
      text: 'AB',
      finish: 'stop',
    },
    {
      what: 'a whole answer without a reason',
      contentType: 'application/json',
      body: '{"choices":[{"message":{"content":"AB"}}]}',
      text: 'AB',
      finish: null,
    },
    {
      what: 'lines of JSON without fields',
      contentType: 'application/x-ndjson',
      body: `${piece}\n${end}\n`,
      text: 'AB',
      finish: 'stop',
    },
    {
      what: 'an empty line first, and a mark of byte order',
      body: `\ufeff\n\n${events(piece, end)}`,
      text: 'AB',
      finish: 'stop',
    },
    {
      what: 'an error of the proxy as a bare line in the middle',
      body: `data: ${piece}\n\n{"error":{"message":"upstream timed out"}}\n`,
      text: 'A',
      failure: { type: 'AnswerFailed', message: 'upstream timed out' },
    },
    {
      what: 'an error as plain text in an event',
      body: 'event: error\ndata: upstream connect error\n\n',
      text: '',
      failure: { type: 'AnswerFailed', message: 'upstream connect error' },
    },
    {
      what: 'an answer that breaks off',
      body: `data: ${piece}\n\ndata: {"choices":[{"del`,
      text: 'A',
      failure: { type: 'CutOff' },
    },
    {
      what: 'a plain text',
      contentType: 'text/plain',
      body: 'no healthy upstream',
      text: '',
      failure: { type: 'NotCompatible', detail: 'no healthy upstream' },
    },
  ],
  refusals: [
    {
      what: 'a page of a proxy',
      status: 502,
      body: '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.24.0</center>\r\n</body>\r\n</html>\r\n',
      failure: { type: 'ProviderFailed', status: 502, message: '502 Bad Gateway nginx/1.24.0' },
    },
    {
      what: 'a page that blocks',
      status: 403,
      body: '<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title><style>a{}</style></head><body><h1>Sorry, you have been blocked</h1><p>You are unable to access example.com &amp; more</p></body></html>',
      failure: {
        type: 'PromptRefused',
        status: 403,
        message: 'Sorry, you have been blocked You are unable to access example.com & more',
      },
    },
    {
      what: 'plain words',
      status: 400,
      body: 'context window is too small\n',
      failure: { type: 'PromptRefused', message: 'context window is too small' },
    },
    {
      what: 'a list of errors',
      status: 400,
      body: '{"success":false,"errors":[{"code":7000,"message":"No route for that URI"}],"messages":[],"result":null}',
      failure: { type: 'NotCompatible' },
    },
    {
      what: 'a problem as RFC 9457 has it',
      status: 422,
      body: '{"type":"about:blank","title":"Unprocessable","status":422,"detail":"The second message is empty."}',
      failure: { type: 'PromptRefused', message: 'The second message is empty.' },
    },
    { what: 'nothing at all, with a key', status: 403, body: '', failure: { type: 'PromptRefused', status: 403, message: '' } },
  ],
  models: [
    { what: 'a list without a list', body: '{"object":"list"}', names: [], first: undefined },
    { what: 'names alone', body: '{"data":["bge-m3","small"]}', names: ['bge-m3', 'small'], first: 'small' },
    {
      what: 'nothing but embedding',
      body: '{"data":[{"id":"nomic-embed-text"}]}',
      names: ['nomic-embed-text'],
      first: undefined,
    },
  ],
};
