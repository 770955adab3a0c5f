// Every rule by name. The order in which they run is the list in rules.cc; what each one does is at
// the head of its file.
#pragma once

#include "policy/rule.h"

namespace ballast::policy {

extern const Rule kExecutorFitsNode;
extern const Rule kExecutorShape;
extern const Rule kDriverFitsNode;
extern const Rule kDriverShape;
extern const Rule kClusterShare;
extern const Rule kStrandedCapacity;
extern const Rule kNamespaceQuota;
extern const Rule kSparkRefuses;
extern const Rule kMemoryOverhead;
extern const Rule kOffHeap;
extern const Rule kMemoryFractions;
extern const Rule kKryoBuffer;
extern const Rule kSerializer;
extern const Rule kMessageSize;
extern const Rule kTimeouts;
extern const Rule kDynamicAllocation;
extern const Rule kCores;
extern const Rule kParallelism;
extern const Rule kDeprecatedSettings;
extern const Rule kConflictingSettings;
extern const Rule kSettings;

}  // namespace ballast::policy
