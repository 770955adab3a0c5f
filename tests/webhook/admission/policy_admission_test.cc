// Who asked for an exception, over a sequence of requests; the single answers are golden folders.
#include "webhook/admission/policy_admission.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/webhook/admission/admission_fixture.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

const char* const kAllows =
    "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\nmetadata: {name: org}\n"
    "spec: {exceptions: {namespaceSelector: {}, rules: [cores]}}\n";

json Exception(const char* until) {
  return {{"apiVersion", "policy.ballast.dev/v1alpha1"},
          {"kind", "SparkPolicyException"},
          {"metadata", {{"name", "x"}, {"namespace", "jobs"}}},
          {"spec", {{"rules", {"cores"}}, {"until", until}, {"reason", "r"}}}};
}

AdmissionRequest Of(AdmissionRequest request, std::string_view user) {
  request.api_version = "policy.ballast.dev/v1alpha1";
  request.kind = "SparkPolicyException";
  request.user = user;
  return request;
}

std::string Requester(const json& object) {
  return object["metadata"].value("annotations", json::object()).value("ballast.dev/requester", "");
}

TEST(PolicyAdmission, TheRequesterIsWhoAskedForWhatStands) {
  const Snapshot snapshot = SnapshotOf(kAllows);
  const auto store = [&](const json& object, const json* old, std::string_view user) {
    const AdmissionRequest request =
        Of(old == nullptr ? Create(object) : Update(object, *old), user);
    const json stored = Patched(object, Admit(request, Endpoint::kMutate, snapshot, kNow));
    const AdmissionRequest next = Of(old == nullptr ? Create(stored) : Update(stored, *old), user);
    const AdmissionAnswer answer = Admit(next, Endpoint::kValidate, snapshot, kNow);
    EXPECT_TRUE(answer.allowed) << answer.message;
    return stored;
  };
  const json first = store(Exception("2026-10-01"), nullptr, "ann");
  EXPECT_EQ(Requester(first), "ann");
  // Another one labels it, and forgets the annotation.
  json labelled = Exception("2026-10-01");
  labelled["metadata"]["labels"] = {{"a", "b"}};
  const json second = store(labelled, &first, "bob");
  EXPECT_EQ(Requester(second), "ann");
  // And then asks for more.
  const json third = store(Exception("2026-11-01"), &second, "bob");
  EXPECT_EQ(Requester(third), "bob");
}

TEST(PolicyAdmission, WithoutMutateAnExceptionIsRefused) {
  const json object = Exception("2026-10-01");
  const AdmissionAnswer answer =
      Admit(Of(Create(object), "ann"), Endpoint::kValidate, SnapshotOf(kAllows), kNow);
  EXPECT_FALSE(answer.allowed);
  EXPECT_EQ(answer.message,
            "ballast: the requester was not recorded, since /mutate did not run; submit again");
}

TEST(PolicyAdmission, DeletionAndStatusAreLeftAlone) {
  json object = Exception("2020-01-01");
  AdmissionRequest request = Of(Create(object), "ann");
  request.sub_resource = "status";
  EXPECT_TRUE(Admit(request, Endpoint::kValidate, SnapshotOf(kAllows), kNow).allowed);
  const json old = Exception("2026-10-01");
  object["metadata"]["deletionTimestamp"] = "2026-09-01T00:00:00Z";
  EXPECT_TRUE(Admit(Of(Update(object, old), "ann"), Endpoint::kValidate, SnapshotOf(kAllows), kNow)
                  .allowed);
}

}  // namespace
}  // namespace ballast::webhook
