// Rewrites that are made at an application's submission and not in its object, so that whoever
// keeps the object in Git (Argo CD, Flux) sees it as it was written.
//
// The object carries the plan in ballast.dev/planned, a record like that of a rewrite whose paths
// are settings: "/spark.executor.memory", and of the driver's container "/driver.memory" and
// "/driver.cpu". Its driver's pod and ConfigMap are given just that, on each run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "webhook/admission/application_book.h"
#include "webhook/admission/judge.h"
#include "webhook/admission/record.h"

namespace ballast::webhook {

// Whether what is decided of this object is carried out at its submission: as the policy's
// rewriteAt says, where that is Auto for what Argo CD or Flux tracks.
bool RewrittenAtSubmission(const Case& c, const policy::Policy& policy);

// The value of ballast.dev/planned; empty where a submission has nothing of what is rewritten.
std::string PrintPlan(const policy::Decision& decision, uint64_t asked);

// Why a rewrite cannot be made at the submission: a memory limit of the object would have to rise
// with the request, and the operator writes it into the pods. Empty where it can.
std::string WhyNoPlan(const Case& c, const policy::Decision& decision);

// The plan that the object carries, where it is of just this text.
bool HoldsPlan(k8s::JsonView object, std::string_view planned);

// What the plan makes of the application that it was made for; nullopt where no decision of this
// application is printed so: a step cannot be taken, or the driver's sizes do not follow from it.
std::optional<policy::Workload> ResultOfPlan(std::string_view planned,
                                             const policy::Workload& workload);

// What the application's plan makes of this pod or ConfigMap; nullopt where it was made for other
// values than stand here, so that it has to be judged.
std::optional<policy::Workload> CarriedOut(const KnownApplication& application,
                                           const policy::Workload& workload);

}  // namespace ballast::webhook
