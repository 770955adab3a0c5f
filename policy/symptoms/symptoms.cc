#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

// In the order in which findings of equal severity are told.
const Symptom* const kSymptoms[] = {
    &kLargeTask,
    &kLargeTaskBinary,
    &kLargeBroadcast,
    &kKryoBufferOverflow,
    &kClassNotRegistered,
    &kNotSerializable,
    &kDeepLineage,
    &kSerializationTime,
    &kDeserializationTime,
    &kGcTime,
    &kStorageEvicted,
    &kOffHeapFull,
    &kSpill,
    &kShuffleVolume,
    &kTooManySmallTasks,
    &kTooFewTasks,
    &kSkew,
    &kExecutorOom,
    &kDriverOom,
    &kStackOverflow,
    &kContainerKilled,
    &kPythonMemory,
    &kResultTooLarge,
    &kMessageTooLarge,
    &kHeartbeatTimeout,
    &kExecutorLost,
    &kFetchFailure,
    &kUnusedMemory,
    &kIdleCores,
    &kExecutorChurn,
    &kUnfinishedLog,
    &kDamagedLog,
};

}  // namespace

std::span<const Symptom* const> AllSymptoms() { return kSymptoms; }

}  // namespace ballast::policy
