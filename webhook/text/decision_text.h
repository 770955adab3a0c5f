// A decision for people: what was asked, what becomes of it, and why. Made from the JSON form of a
// decision (decision_json.h), so that text and JSON never say different things.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "webhook/text/terminal.h"

namespace ballast::webhook {

// The whole decision: a headline, the two columns "as asked" and "as admitted", the findings.
std::string DecisionText(const nlohmann::json& decision, const Paint& paint);

// Only the table of sizes, each line indented.
std::string SizesTable(const nlohmann::json& before, const nlohmann::json& after,
                       const Paint& paint, const std::string& indent);

// Only the findings, wrapped to 100 columns.
std::string FindingsText(const nlohmann::json& decision, const Paint& paint,
                         const std::string& indent);

// "3 documents: 1 admitted, 1 rewritten, 1 rejected".
std::string SummaryText(const nlohmann::json& decisions);

}  // namespace ballast::webhook
