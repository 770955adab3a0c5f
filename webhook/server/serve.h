// The `serve` command's engine: the service until a signal ends it.
#pragma once

#include <vector>

#include "policy/result.h"
#include "webhook/server/service.h"

namespace ballast::webhook {

// Returns once SIGTERM or SIGINT has come and the service is drained; a second signal ends the
// draining at once. The errors say why it could not start; none: it ended as asked. To be called
// before other threads are started: they would take the signals.
std::vector<policy::Error> Serve(ServiceOptions options);

}  // namespace ballast::webhook
