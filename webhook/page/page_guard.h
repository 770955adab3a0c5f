// Whether a request to the page comes from the page. A server on loopback is within reach of every
// page that a browser on the same machine shows: by requests from another site, and by names that
// are made to mean 127.0.0.1 (DNS rebinding). Pure.
#pragma once

#include <string_view>

namespace ballast::webhook {

// As the browser, or another client, sent them; empty: not sent.
struct PageRequestHeaders {
  std::string_view method;
  std::string_view host;        // empty also where there are several
  std::string_view origin;      //
  std::string_view fetch_site;  // Sec-Fetch-Site
  std::string_view fetch_mode;  // Sec-Fetch-Mode
};

// Why it is refused, for the one who asks; empty: it isn't. Static storage.
std::string_view WhyRefused(const PageRequestHeaders& headers);

// Whether the text of a Host header means this machine: localhost, 127.x.y.z or [::1], any port.
bool IsLoopbackHost(std::string_view host);

}  // namespace ballast::webhook
