// Everything that the logs of one application tell.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "policy/result.h"
#include "policy/symptoms/application_run.h"
#include "webhook/diagnose/byte_stream.h"
#include "webhook/diagnose/log_files.h"

namespace ballast::webhook {

// Is told how many bytes were read of files, from a thread of the reader's.
using SeenBytes = std::function<void(size_t)>;

// Reads the logs as far as they go: what is damaged or unfinished stands in the run's inputs. The
// error is of an argument that cannot be read at all, or that holds several applications, whose
// sums would be nobody's. Memory does not grow with the logs.
policy::Result<policy::ApplicationRun> ReadApplication(const std::string& argument,
                                                       const std::vector<LogFiles>& logs,
                                                       const SeenBytes& seen);

// The same of one log whose bytes are given.
policy::ApplicationRun ReadApplication(const LogFiles& log, ReadBytes bytes);

}  // namespace ballast::webhook
