// /mutate and /validate over HTTP: body to review, review to answer, answer to body; and the
// request's line in the log and its counts.
#pragma once

#include "webhook/admit.h"
#include "webhook/http_message.h"
#include "webhook/live_snapshot.h"
#include "webhook/log.h"
#include "webhook/metrics.h"

namespace ballast::webhook {

struct AdmissionContext {
  const LiveSnapshot& snapshot;
  Metrics& metrics;
  Log& log;
};

// The context outlives the handler.
HttpHandler MakeAdmissionHandler(Endpoint endpoint, AdmissionContext context);

}  // namespace ballast::webhook
