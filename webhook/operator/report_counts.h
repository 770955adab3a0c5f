// What the leader's scans for reports came to, for metrics and the log.
#pragma once

#include <cstdint>

namespace ballast::webhook {

struct ReportCounts {
  int64_t kept = 0;      // reports that there are, after the last whole scan
  int64_t left_out = 0;  // applications that were too many for one
  uint64_t written = 0;  // since the beginning; removals too
  uint64_t failed = 0;

  bool operator==(const ReportCounts&) const = default;
};

}  // namespace ballast::webhook
