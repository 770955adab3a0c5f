// Options of a JVM as an event log has them.
#pragma once

#include <string_view>

namespace ballast::webhook {

// What somebody set, behind what Spark puts before it for newer Javas (spark.*.extraJavaOptions).
std::string_view WithoutSparksOwn(std::string_view options);

}  // namespace ballast::webhook
