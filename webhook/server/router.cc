#include "webhook/server/router.h"

#include <utility>

namespace ballast::webhook {
namespace {

void Dispatch(const std::vector<Route>& routes, const HttpRequest& request,
              HttpResponse& response) {
  bool path_known = false;
  for (const Route& route : routes) {
    if (route.path != request.path) continue;
    path_known = true;
    const bool matches =
        route.method == request.method || (route.method == "GET" && request.method == "HEAD");
    if (!matches) continue;
    route.handler(request, response);
    return;
  }
  response.status = path_known ? 405 : 404;
  response.body = path_known ? "method not allowed\n" : "not found\n";
}

}  // namespace

HttpHandler MakeRouter(std::vector<Route> routes) {
  return [routes = std::move(routes)](const HttpRequest& request, HttpResponse& response) {
    Dispatch(routes, request, response);
  };
}

}  // namespace ballast::webhook
