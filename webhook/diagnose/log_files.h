// Which logs an argument names: a file, standard input, a rolling event log, or a folder with all
// that there is of one application.
#pragma once

#include <string>
#include <vector>

#include "policy/result.h"

namespace ballast::webhook {

// One log, which may be in several files.
struct LogFiles {
  std::string name = {};                // as it is called in findings
  std::vector<std::string> paths = {};  // in the order in which they were written
  bool in_progress = false;             // Spark was still writing, by the name
};

// At most 10,000 files. The error says what is not there.
policy::Result<std::vector<LogFiles>> FindLogs(const std::string& argument);

// What all files hold together, for a progress bar; 0 where it is not known.
size_t SizeOf(const std::vector<LogFiles>& logs);

}  // namespace ballast::webhook
