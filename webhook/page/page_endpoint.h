// The page over HTTP: / shows it, /explain shows it with an explanation of what was posted. What
// does not come from the page itself, or from hand, is refused (page_guard.h).
#pragma once

#include <functional>
#include <string>

#include "webhook/page/page_facts.h"
#include "webhook/server/http_message.h"

namespace ballast::webhook {

// Called by several threads at once; both outlive the handler.
struct PageSources {
  std::function<PageFacts()> facts;
  std::function<Explanation(std::string manifest)> explain;
};

HttpHandler MakePageHandler(PageSources sources);

}  // namespace ballast::webhook
