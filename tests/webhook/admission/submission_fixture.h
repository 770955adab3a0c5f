// What the tests of submissions share: an application, and what an operator and spark-submit make
// of it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "tests/webhook/admission/admission_fixture.h"

namespace ballast::webhook {

// Policies by which that is rewritten, to heaps of 16g and of 8g.
inline constexpr const char* kSomeHeap =
    "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\nmetadata: {name: org}\n"
    "spec:\n  limits: {kryoBufferMax: 1g, driver: {heap: {max: 8g}, memory: {max: 12Gi}},\n"
    "    executor: {heap: {max: 16g}}}\n"
    "  rules: {executor-shape: Enforce, driver-shape: Enforce}\n";
inline constexpr const char* kLittleHeap =
    "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\nmetadata: {name: org}\n"
    "spec:\n  limits: {kryoBufferMax: 512m, driver: {memory: {max: 2Gi}},\n"
    "    executor: {heap: {max: 8g}}}\n"
    "  rules: {executor-shape: Enforce, driver-shape: Enforce}\n";

// A SparkApplication of 3 executors of 28g and 4 cores.
nlohmann::json Oversized();

// A review of the object as it is created, which must outlive it.
AdmissionRequest CreateOf(const nlohmann::json& object);

AdmissionAnswer Ask(const nlohmann::json& object, const Snapshot& snapshot);

// The ConfigMap that the operator's spark-submit makes of the application as it is stored.
nlohmann::json ConfigMapOf(const nlohmann::json& application);

// A driver's or an executor's pod of the application.
nlohmann::json PodOf(const nlohmann::json& application, const char* role, const char* memory,
                     const char* cpu);

// The same job for Apache's operator, and what that makes of an application as it is stored.
nlohmann::json ApacheOversized();
nlohmann::json ApacheConfigMapOf(const nlohmann::json& application);
nlohmann::json ApachePodOf(const nlohmann::json& application, const char* role, const char* memory,
                           const char* cpu);

std::string Setting(const nlohmann::json& config_map, const char* key);

// The snapshot of this policy, with what is stored in the cluster.
Snapshot With(const char* policy, const nlohmann::json& stored);

}  // namespace ballast::webhook
