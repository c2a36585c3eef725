// Asks the YAML language server what it completes at a place of a document, and which faults it marks.
const { getLanguageService } = require("yaml-language-server/out/server/src/languageservice/yamlLanguageService");
const { TextDocument } = require("vscode-languageserver-textdocument");

const { schema, text, line, character } = JSON.parse(process.argv[2]);
const quiet = { sendError() {}, sendTelemetry() {}, sendTrack() {} };
const service = getLanguageService({
  schemaRequestService: async () => JSON.stringify(schema),
  workspaceContext: { resolveRelativePath: (path) => path },
  telemetry: quiet,
  yamlSettings: { documents: {} },
});
service.configure({
  completion: true,
  validate: true,
  schemas: [{ uri: "file:///cogmock.schema.json", fileMatch: ["*.yaml"], schema, priority: 1 }],
});
const document = TextDocument.create("file:///cogmock.yaml", "yaml", 1, text);

(async () => {
  const found = await service.doComplete(document, { line, character }, false);
  const faults = await service.doValidation(document, false);
  console.log(
    JSON.stringify({
      labels: found.items.map((item) => item.label),
      faults: faults.map((fault) => ({ line: fault.range.start.line, message: fault.message })),
    }),
  );
})();
