// Every symptom by name; what each one looks at is at the head of its file.
#pragma once

#include "policy/symptoms/symptom.h"

namespace ballast::policy {

extern const Symptom kLargeTask;
extern const Symptom kLargeTaskBinary;
extern const Symptom kLargeBroadcast;
extern const Symptom kKryoBufferOverflow;
extern const Symptom kClassNotRegistered;
extern const Symptom kNotSerializable;
extern const Symptom kDeepLineage;
extern const Symptom kSerializationTime;
extern const Symptom kDeserializationTime;
extern const Symptom kGcTime;
extern const Symptom kStorageEvicted;
extern const Symptom kOffHeapFull;
extern const Symptom kSpill;
extern const Symptom kShuffleVolume;
extern const Symptom kTooManySmallTasks;
extern const Symptom kTooFewTasks;
extern const Symptom kSkew;
extern const Symptom kExecutorOom;
extern const Symptom kDriverOom;
extern const Symptom kStackOverflow;
extern const Symptom kContainerKilled;
extern const Symptom kPythonMemory;
extern const Symptom kResultTooLarge;
extern const Symptom kMessageTooLarge;
extern const Symptom kHeartbeatTimeout;
extern const Symptom kExecutorLost;
extern const Symptom kFetchFailure;
extern const Symptom kUnusedMemory;
extern const Symptom kIdleCores;
extern const Symptom kExecutorChurn;
extern const Symptom kUnfinishedLog;
extern const Symptom kDamagedLog;

}  // namespace ballast::policy
