// What an audit found, as a Report of openreports.io/v1alpha1, which belongs to the application
// that it is about: it goes when that goes. Pure.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "webhook/audit/audit.h"

namespace ballast::webhook {

inline constexpr std::string_view kReportDigest = "ballast.dev/digest";

// The collection of a namespace's, where one is made; "/" and a name after it is one of them.
std::string ReportsPath(std::string_view namespace_name);

// The collection of ours, in all namespaces.
std::string OwnReportsPath();

// One application's name for a report: a report is found by it.
std::string ReportName(std::string_view uid);

// The Report; `uid` is the application's. Its annotation kReportDigest tells whether a report that
// is stored says the same.
nlohmann::json ReportOf(const Audited& audited, std::string_view uid, int64_t now_seconds);

}  // namespace ballast::webhook
