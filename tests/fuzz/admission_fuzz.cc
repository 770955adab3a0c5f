// Admission: whatever object comes, the answer is JSON, a patch applies and is proven, and
// admitting the result again changes nothing.
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "k8s/json_text.h"
#include "k8s/patch.h"
#include "tests/fuzz/fuzz.h"
#include "webhook/admission/admit.h"
#include "webhook/admission/review.h"
#include "webhook/policy_file/policy_yaml.h"

using namespace ballast::webhook;  // NOLINT(google-build-using-namespace): every line is about it
using nlohmann::json;

namespace {

constexpr int64_t kNow = 1'790'000'000;

// Everything on, with limits for all that can be rewritten.
constexpr std::string_view kPolicy = R"(
apiVersion: policy.ballast.dev/v1alpha1
kind: SparkResourcePolicy
metadata: {name: fuzz}
spec:
  mode: Enforce
  capacity:
    source: NodePools
    nodePools:
      - {name: big, count: 100, allocatable: {cpu: "10", memory: 39Gi, pods: "110"}}
  limits:
    driver: {heap: {min: 1g, max: 16g}, cores: {max: 8}}
    executor: {heap: {min: 1g, max: 32g}, memory: {max: 36Gi}, cores: {max: 8}}
    application: {memoryShare: 80%, cpuShare: 80%, executors: {max: 500}}
    kryoBufferMax: 1g
  rules:
    executor-shape: Enforce
    driver-shape: Enforce
    cluster-share: Enforce
    memory-overhead: Enforce
    off-heap: Enforce
    memory-fractions: Enforce
    serializer: Enforce
    message-size: Enforce
    timeouts: Enforce
    cores: Enforce
    parallelism: Enforce
)";

Snapshot MakeSnapshot() {
  auto read = ReadPolicyFile(kPolicy, "policy.yaml");
  auto* file = std::get_if<PolicyFile>(&read);
  FUZZ_LAW(file != nullptr);
  Snapshot snapshot;
  snapshot.policies =
      ballast::policy::PolicySet(std::move(file->policies), std::move(file->exceptions));
  snapshot.engine_version = "fuzz";
  return snapshot;
}

AdmissionAnswer Ask(const AdmissionRequest& request, Endpoint endpoint) {
  static const Snapshot snapshot = MakeSnapshot();
  AdmissionAnswer answer = Admit(request, endpoint, snapshot, kNow);
  // An object without metadata has no place for the record; the API server sends none such.
  FUZZ_LAW(answer.patch_failure.empty() || !request.object["metadata"].is_object());
  FUZZ_LAW(!ballast::k8s::ParseJson(EncodeReview(answer)).is_discarded());
  FUZZ_LAW(answer.allowed || !answer.message.empty());
  return answer;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static ReviewReader reader;
  std::string body(ballast::fuzz::AsText(data, size));
  auto read = reader.Read(body);
  auto* request = std::get_if<AdmissionRequest>(&read);
  if (request == nullptr) return 0;

  FUZZ_LAW(Ask(*request, Endpoint::kValidate).patch.empty());
  static_cast<void>(Ask(*request, Endpoint::kMutate));

  // As the API server sends it: every key once.
  const json object = request->object.Copy();
  request->object = ballast::k8s::JsonView(object);
  const AdmissionAnswer answer = Ask(*request, Endpoint::kMutate);
  if (!answer.patch.empty()) {
    FUZZ_LAW(answer.allowed);
    const auto patched = ballast::k8s::ApplyPatch(object, answer.patch);
    FUZZ_LAW(patched.ok());
    request->object = ballast::k8s::JsonView(*patched);
    const AdmissionAnswer second = Ask(*request, Endpoint::kMutate);
    FUZZ_LAW(second.allowed);
    FUZZ_LAW(second.patch.empty());
  }
  reader.Release();
  return 0;
}
