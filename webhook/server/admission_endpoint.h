// /mutate and /validate over HTTP: body to review, review to answer, answer to body; and the
// request's line in the log and its counts.
#pragma once

#include "webhook/admission/admit.h"
#include "webhook/operator/decision_tally.h"
#include "webhook/page/recent_decisions.h"
#include "webhook/server/http_message.h"
#include "webhook/server/live_snapshot.h"
#include "webhook/server/log.h"
#include "webhook/server/metrics.h"

namespace ballast::webhook {

struct AdmissionContext {
  const LiveSnapshot& snapshot;
  Metrics& metrics;
  DecisionTally& tally;
  Log& log;
  RecentDecisions* recent = nullptr;  // nullptr: nobody looks at them
};

// The context outlives the handler.
HttpHandler MakeAdmissionHandler(Endpoint endpoint, AdmissionContext context);

}  // namespace ballast::webhook
