// node_modules is that of the folder above, so that one installation serves all tests.
import path from "node:path";

export default { turbopack: { root: path.dirname(import.meta.dirname) }, distDir: "built" };
