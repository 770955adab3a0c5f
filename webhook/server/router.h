// Which handler answers which path. Paths are matched exactly, without the query.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "webhook/server/http_message.h"

namespace ballast::webhook {

struct Route {
  std::string_view path;
  std::string_view method;  // GET also answers HEAD
  HttpHandler handler;
};

// 404 for a path that no route has, 405 for a method that none of its routes has.
HttpHandler MakeRouter(std::vector<Route> routes);

}  // namespace ballast::webhook
