// Where a value lies on a chart, which values an axis names, and how. All charts are inline SVG of
// our own, drawn in one system of units and scaled by the browser.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "policy/units.h"

namespace ballast::webhook {

// From a range of values to a range of units; a range of one value is drawn at its beginning.
struct Axis {
  double from = 0;
  double to = 1;
  double first = 0;  // where `from` lies
  double last = 1;   // where `to` lies

  // Held inside the axis, whatever the value.
  double At(double value) const;
};

// A length in the units of a chart: "12.5", always with a point.
std::string Units(double length);

// 0, a power of two apart, at most five steps, the last at or above `most`.
std::vector<policy::ByteSize> MemoryTicks(policy::ByteSize most);
// 0, 5 s, 10 s and so on, at most eight steps, the last at or before `span` milliseconds.
std::vector<int64_t> TimeTicks(int64_t span);

// "0", "512 MiB", "1.5 GiB".
std::string MemoryLabel(policy::ByteSize size);
// "0", "850 ms", "5 s", "1 min 30 s", "2 h", "1 h 30 min", "2 d 3 h".
std::string TimeLabel(int64_t millis);

}  // namespace ballast::webhook
