// An audit for people and for scripts: `ballast audit`. The text is made from the JSON, so that
// they never say different things.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "webhook/audit/audit.h"
#include "webhook/text/terminal.h"

namespace ballast::webhook {

// What was left out of an audit, by number.
struct AuditScope {
  size_t ended = 0;       // applications that will not run again
  bool admitted = false;  // what there is nothing to tell of is listed, too
};

// {"apiVersion","kind":"Audit","summary":{...},"applications":[...]}, the worst first. Every key is
// always there; what is not known is null.
nlohmann::json AuditJson(const std::vector<Audited>& all, const AuditScope& scope);

// A table of one line an application, then the summary.
std::string AuditText(const nlohmann::json& audit, const Paint& paint);

}  // namespace ballast::webhook
