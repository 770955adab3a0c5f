#include "webhook/page/page_html.h"

#include <openssl/evp.h>

#include <array>
#include <string_view>
#include <utility>

#include "webhook/page/html.h"
#include "webhook/page/page_files.h"
#include "webhook/page/page_parts.h"
#include "webhook/text/append_json.h"

namespace ballast::webhook {
namespace {

// "'sha256-...'", as a Content-Security-Policy names a text.
std::string DigestSource(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string source = "'sha256-";
  AppendBase64(source, {reinterpret_cast<const char*>(digest.data()), size});
  return source + "'";
}

std::string Part(std::string_view name, const PageFacts& facts) {
  if (name == "style") return std::string(kPageStyle);
  if (name == "script") return std::string(kPageScript);
  if (name == "status") return StatusPart(facts);
  if (name == "cluster") return ClusterPart(facts);
  if (name == "decisions") return DecisionsPart(facts);
  if (name == "rules") return RulesPart(facts);
  if (name == "policies") return PoliciesPart(facts);
  if (name == "explain") return ExplainPart(facts);
  if (name == "manifest") return facts.explanation ? Escaped(facts.explanation->manifest) : "";
  if (name == "footer") return FooterPart(facts);
  return "";
}

}  // namespace

// Each {{name}} of the template is replaced once: what comes in its place is not looked at again.
std::string RenderPage(const PageFacts& facts) {
  std::string page;
  std::string_view rest = kPageTemplate;
  while (true) {
    const size_t begin = rest.find("{{");
    const size_t end = begin == std::string_view::npos ? begin : rest.find("}}", begin);
    if (end == std::string_view::npos) break;
    page += rest.substr(0, begin);
    page += Part(rest.substr(begin + 2, end - begin - 2), facts);
    rest.remove_prefix(end + 2);
  }
  page += rest;
  return page;
}

const std::string& PageSecurityPolicy() {
  static const std::string kPolicy =
      "default-src 'none'; script-src " + DigestSource(kPageScript) + "; style-src " +
      DigestSource(kPageStyle) +
      "; img-src data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
      "frame-ancestors 'none'";
  return kPolicy;
}

}  // namespace ballast::webhook
