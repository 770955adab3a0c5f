#include "webhook/page/page_endpoint.h"

#include <string_view>
#include <utility>

#include "webhook/page/form.h"
#include "webhook/page/page_guard.h"
#include "webhook/page/page_html.h"
#include "webhook/server/router.h"

namespace ballast::webhook {
namespace {

constexpr std::string_view kForm = "application/x-www-form-urlencoded";

void AddSecurityHeaders(HttpResponse& response) {
  response.headers = {
      {"Content-Security-Policy", PageSecurityPolicy()},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"Referrer-Policy", "same-origin"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Cache-Control", "no-store"},
  };
}

void ShowPage(const PageFacts& facts, HttpResponse& response) {
  response.content_type = "text/html; charset=utf-8";
  response.body = RenderPage(facts);
}

void ShowExplained(const PageSources& sources, const HttpRequest& request, HttpResponse& response) {
  if (!request.headers.content_type.starts_with(kForm)) {
    response.status = 415;
    response.body = "send a form: " + std::string(kForm) + "\n";
    return;
  }
  auto manifest = FormField(request.body, "manifest");
  if (!manifest || manifest->empty()) {
    response.status = 400;
    response.body = "the field `manifest` is empty\n";
    return;
  }
  PageFacts facts = sources.facts();
  facts.explanation = sources.explain(*std::move(manifest));
  ShowPage(facts, response);
}

}  // namespace

HttpHandler MakePageHandler(PageSources sources) {
  const auto show = [sources](const HttpRequest&, HttpResponse& response) {
    ShowPage(sources.facts(), response);
  };
  const auto explain = [sources](const HttpRequest& request, HttpResponse& response) {
    ShowExplained(sources, request, response);
  };
  const HttpHandler router =
      MakeRouter({{"/", "GET", show}, {"/explain", "POST", explain}, {"/explain", "GET", show}});
  return [router](const HttpRequest& request, HttpResponse& response) {
    AddSecurityHeaders(response);
    const RequestHeaders& headers = request.headers;
    const std::string_view refused = WhyRefused(
        {request.method, headers.host, headers.origin, headers.fetch_site, headers.fetch_mode});
    if (!refused.empty()) {
      response.status = 403;
      response.body = std::string(refused) + "\n";
      return;
    }
    router(request, response);
  };
}

}  // namespace ballast::webhook
