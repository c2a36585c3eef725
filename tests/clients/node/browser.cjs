// A browser without JavaScript: it keeps cookies, follows redirects, and fills in forms.
class Browser {
  cookies = new Map();

  // Where it is sent in the end: an address that `stop` says it must not open, or the page that it opened.
  async go(url, stop, options = {}) {
    for (let hops = 0; hops < 20; hops += 1) {
      if (stop(url)) return { url };
      const origin = new URL(url).origin;
      const jar = this.cookies.get(origin) ?? new Map();
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
      const answer = await fetch(url, { ...options, headers: { ...options.headers, cookie }, redirect: "manual" });
      for (const line of answer.headers.getSetCookie()) {
        const [, name, value] = /^([^=]*)=([^;]*)/.exec(line);
        if (/max-age=0/i.test(line)) jar.delete(name);
        else jar.set(name, value);
      }
      this.cookies.set(origin, jar);
      if (!answer.headers.has("location")) return { url, status: answer.status, text: await answer.text() };
      url = new URL(answer.headers.get("location"), url).href;
      options = {};
    }
    throw new Error(`too many redirects: ${url}`);
  }

  async submit(page, fields, stop) {
    const form = /<form[^>]*action="([^"]*)"[\s\S]*?<\/form>/.exec(page.text);
    if (!form) throw new Error(`no form at ${page.url}: ${page.text}`);
    const hidden = form[0].matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
    const body = new URLSearchParams([...hidden].map(([, name, value]) => [plain(name), plain(value)]));
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return this.go(new URL(plain(form[1]), page.url).href, stop, { method: "POST", body });
  }

  // The address of the client to which a sign-in leads.
  async signIn(url, { username, password }, back) {
    const stop = (address) => address.startsWith(back);
    const page = await this.go(url, stop);
    return page.text === undefined ? page.url : (await this.submit(page, { username, password }, stop)).url;
  }
}

const plain = (text) => text.replaceAll("&quot;", '"').replaceAll("&#34;", '"').replaceAll("&amp;", "&");

module.exports = { Browser };
