// What is made of an application that was admitted as it is, and so carries no record of it: left
// where it was judged before, whatever policy and cluster say by now.
#include <gtest/gtest.h>

#include <string>

#include "tests/webhook/admission/submission_fixture.h"
#include "webhook/policy_file/policy_yaml_exception.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

json Entry(const char* manager, const char* fields, const char* time) {
  return {{"manager", manager}, {"time", time}, {"fieldsV1", {{fields, json::object()}}}};
}

json StatusEntry(const char* time) {
  json entry = Entry("operator", "f:status", time);
  entry["subresource"] = "status";
  return entry;
}

struct AdmittedAsItIs {
  std::string name;
  json metadata;                // as the API server keeps it
  const char* policies_change;  // empty: not known, as of a --policy file
  bool left;
};
void PrintTo(const AdmittedAsItIs& row, std::ostream* out) { *out << row.name; }

const AdmittedAsItIs kAdmittedAsTheyAre[] = {
    {"OlderThanThePolicies",
     {{"creationTimestamp", "2026-11-21T09:59:59Z"}},
     "2026-11-21T10:00:00Z",
     true},
    {"OfTheSameSecond",
     {{"creationTimestamp", "2026-11-21T10:00:00Z"}},
     "2026-11-21T10:00:00Z",
     false},
    {"YoungerThanThePolicies",
     {{"creationTimestamp", "2026-11-21T10:00:01Z"}},
     "2026-11-21T10:00:00Z",
     false},
    {"ByAPolicyFile", {{"creationTimestamp", "2026-11-21T09:59:59Z"}}, "", false},
    {"OfUnknownAge", json::object(), "2026-11-21T10:00:00Z", false},
    {"ItsSpecWasEditedAfterwards",
     {{"creationTimestamp", "2026-11-21T09:00:00Z"},
      {"managedFields", json::array({Entry("kubectl", "f:spec", "2026-11-21T10:00:00Z")})}},
     "2026-11-21T10:00:00Z",
     false},
    {"ItsSpecWasEditedBefore",
     {{"creationTimestamp", "2026-11-21T09:00:00Z"},
      {"managedFields", json::array({Entry("kubectl", "f:spec", "2026-11-21T09:59:59Z")})}},
     "2026-11-21T10:00:00Z",
     true},
    {"OthersWroteItsStatusAndLabels",
     {{"creationTimestamp", "2026-11-21T09:00:00Z"},
      {"managedFields",
       {Entry("kubectl", "f:spec", "2026-11-21T09:00:00Z"), StatusEntry("2026-11-21T10:30:00Z"),
        Entry("labeller", "f:metadata", "2026-11-21T10:30:00Z")}}},
     "2026-11-21T10:00:00Z",
     true},
    {"AMomentThatIsNone",
     {{"creationTimestamp", "yesterday"}, {"managedFields", {1, nullptr, {{"time", 7}}}}},
     "2026-11-21T10:00:00Z",
     false},
};

class SubmissionWithoutRecord : public testing::TestWithParam<AdmittedAsItIs> {};

TEST_P(SubmissionWithoutRecord, IsLeftWhereItIsOlderThanThePolicies) {
  const AdmittedAsItIs& row = GetParam();
  // No policy of its day had anything against it.
  const char* const kOfItsDay =
      "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\nmetadata: {name: org}\n"
      "spec: {}\n";
  json stored = Oversized();
  stored["spec"]["sparkConf"]["spark.kryoserializer.buffer.max"] = "1g";
  ASSERT_TRUE(Ask(stored, SnapshotOf(kOfItsDay)).patch.empty());
  stored["metadata"].update(row.metadata);
  const char* const kOfToday =
      "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\nmetadata: {name: org}\n"
      "spec:\n  limits: {kryoBufferMax: 512m, driver: {memory: {max: 2Gi}},\n"
      "    executor: {memory: {max: 8Gi}}}\n"
      "  rules: {executor-shape: Enforce, driver-shape: Enforce}\n";
  Snapshot stricter = With(kOfToday, stored);
  if (*row.policies_change != '\0') {
    stricter.policies_changed_seconds = *ReadMoment(row.policies_change);
  }
  const json kMade[] = {PodOf(stored, "driver", "11Gi", "1"), ConfigMapOf(stored),
                        PodOf(stored, "executor", "31539Mi", "4")};
  for (const json& made : kMade) {
    SCOPED_TRACE(made["kind"]);
    const AdmissionAnswer answer = Ask(made, stricter);
    EXPECT_TRUE(answer.allowed);
    EXPECT_EQ(answer.patch.empty(), row.left);
    ASSERT_FALSE(answer.warnings.empty());
    EXPECT_EQ(answer.warnings[0].starts_with("left as it was decided before: "), row.left)
        << answer.warnings[0];
    EXPECT_EQ(answer.recorded, row.left);
    EXPECT_EQ(answer.mismatch, !row.left && &made == &kMade[2]);
  }
}

INSTANTIATE_TEST_SUITE_P(Table, SubmissionWithoutRecord, testing::ValuesIn(kAdmittedAsTheyAre),
                         [](const auto& tested) { return tested.param.name; });

// ---- A later run, when the cluster has changed -------------------------------------------------

// Nothing that executors of 28g fit on.
Snapshot OnSmallNodes(Snapshot snapshot) {
  policy::NodeClass& node = snapshot.cluster.classes.emplace_back();
  node.allocatable = {policy::Cores(8), policy::Gibibytes(16), 110, {}};
  node.count = node.ready = 10;
  snapshot.cluster.known = true;
  return snapshot;
}

const char* const kLenient =
    "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\nmetadata: {name: org}\n"
    "spec: {limits: {kryoBufferMax: 2047m}}\n";

json WithinLimits() {
  json object = Oversized();
  object["spec"]["sparkConf"]["spark.kryoserializer.buffer.max"] = "1g";
  return object;
}

struct ARun {
  std::string name;
  json metadata;
  json status;
  bool left;
};
void PrintTo(const ARun& row, std::ostream* out) { *out << row.name; }

const json kWritten = {{"creationTimestamp", "2026-08-21T10:00:00Z"}};
const json kEdited = {
    {"creationTimestamp", "2026-08-21T10:00:00Z"},
    {"managedFields", json::array({Entry("kubectl", "f:spec", "2026-08-21T11:00:00Z")})}};

// As spark-operator 2.5 writes them.
const ARun kRuns[] = {
    {"TheFirst", kWritten, nullptr, false},
    {"TheFirstAfterOneThatWasRefused",
     kWritten,
     {{"applicationState", {{"state", "SUBMISSION_FAILED"}}},
      {"submissionAttempts", 1},
      {"lastSubmissionAttemptTime", "2026-08-21T10:00:01Z"}},
     false},
    {"ALaterOne",
     kWritten,
     {{"applicationState", {{"state", "PENDING_RERUN"}}},
      {"executionAttempts", 1},
      {"lastSubmissionAttemptTime", "2026-08-21T10:00:01Z"},
      {"terminationTime", nullptr}},
     true},
    {"ALaterOneOfWhatWasSubmittedAtOnce",
     kWritten,
     {{"executionAttempts", 2}, {"lastSubmissionAttemptTime", "2026-08-21T10:00:00Z"}},
     true},
    {"TheFirstOfAnEditedSpec",
     kEdited,
     {{"applicationState", {{"state", "PENDING_RERUN"}}}, {"lastSubmissionAttemptTime", nullptr}},
     false},
    {"TheFirstOfAnEditThatTheOperatorMissed",
     kEdited,
     {{"executionAttempts", 1}, {"lastSubmissionAttemptTime", "2026-08-21T10:59:59Z"}},
     false},
    {"ALaterOneOfAnEditedSpec",
     kEdited,
     {{"executionAttempts", 1}, {"lastSubmissionAttemptTime", "2026-08-21T11:00:02Z"}},
     true},
    {"OfUnknownAge",
     json::object(),
     {{"executionAttempts", 1}, {"lastSubmissionAttemptTime", "2026-08-21T10:00:01Z"}},
     false},
    {"AtAnUnknownTime", kWritten, {{"executionAttempts", 1}}, false},
    {"AStatusThatIsNone", kWritten, {{"executionAttempts", "many"}}, false},
};

class SubmissionOfARun : public testing::TestWithParam<ARun> {};

TEST_P(SubmissionOfARun, IsLeftWhereItIsNotTheFirst) {
  const ARun& row = GetParam();
  json stored = WithinLimits();
  stored["metadata"].update(row.metadata);
  stored["status"] = row.status;
  const Snapshot now = OnSmallNodes(With(kLenient, stored));
  const json kMade[] = {ConfigMapOf(stored), PodOf(stored, "driver", "17Gi", "1")};
  for (const json& made : kMade) {
    SCOPED_TRACE(made["kind"]);
    const AdmissionAnswer answer = Ask(made, now);
    EXPECT_EQ(answer.recorded, row.left);
    EXPECT_EQ(answer.allowed && answer.patch.empty(), row.left);
    if (!row.left) continue;
    ASSERT_FALSE(answer.warnings.empty());
    const bool pod = made["kind"] == "Pod";
    EXPECT_TRUE(answer.warnings[0].starts_with(
        "left as it was decided before: " + std::string(pod ? "driver" : "executor") +
        "-fits-node: "))
        << answer.warnings[0];
  }
  // An executor that fits nowhere is told of, in whichever run.
  EXPECT_TRUE(Ask(PodOf(stored, "executor", "31539Mi", "4"), now).mismatch);
}

INSTANTIATE_TEST_SUITE_P(Table, SubmissionOfARun, testing::ValuesIn(kRuns),
                         [](const auto& tested) { return tested.param.name; });

json RanBefore(json object) {
  object["metadata"].update(kWritten);
  object["status"] = {{"executionAttempts", 1},
                      {"lastSubmissionAttemptTime", "2026-08-21T10:00:01Z"}};
  return object;
}

TEST(SubmissionOfALaterRun, ThatNoLimitEverAdmittedIsCaughtAsTheFirstWas) {
  const json stored =
      RanBefore(Oversized());  // Kryo's buffer is over its limit: /mutate was skipped
  const json first = Oversized();
  const auto caught = [&](const json& application) {
    const Snapshot now = OnSmallNodes(With(kLenient, application));
    return Patched(ConfigMapOf(application), Ask(ConfigMapOf(application), now))["data"];
  };
  EXPECT_EQ(caught(stored), caught(first));
  EXPECT_NE(caught(stored), ConfigMapOf(stored)["data"]);
}

TEST(SubmissionOfALaterRun, IsLeftWhenAnExceptionHasEnded) {
  const json stored = RanBefore(WithinLimits());
  const auto left = [&](const std::string& until) {
    const std::string policies =
        "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\n"
        "metadata: {name: org}\nspec:\n  limits: {executor: {memory: {max: 20Gi}}}\n"
        "  rules: {executor-shape: Enforce}\n"
        "  exceptions: {rules: [executor-shape], namespaceSelector: {}}\n"
        "---\napiVersion: policy.ballast.dev/v1alpha1\nkind: SparkPolicyException\n"
        "metadata: {name: q, namespace: jobs}\n"
        "spec: {rules: [executor-shape], reason: r, until: " +
        until + "}\n";
    const Snapshot now = With(policies.c_str(), stored);
    const bool config_map = Ask(ConfigMapOf(stored), now).patch.empty();
    EXPECT_EQ(Ask(PodOf(stored, "executor", "31539Mi", "4"), now).mismatch, !config_map);
    return config_map;
  };
  EXPECT_TRUE(left("2026-08-21T10:00:01Z"));
  EXPECT_FALSE(left("2026-08-21T10:00:00Z")) << "it had ended when the application was written";
}

// Apache's operator notes each state that an application goes through, and makes the driver's pod
// before it notes that.
struct ApacheRun {
  std::string name;
  json status;
  bool left;
};
void PrintTo(const ApacheRun& row, std::ostream* out) { *out << row.name; }

json State(const char* summary, const char* moment) {
  return {{"currentStateSummary", summary}, {"lastTransitionTime", moment}};
}

const json kOneRun = {{"0", State("Submitted", "2026-08-21T10:00:00.301Z")},
                      {"1", State("DriverRequested", "2026-08-21T10:00:02.712345Z")},
                      {"2", State("Failed", "2026-08-21T10:30:00Z")}};

const ApacheRun kApacheRuns[] = {
    {"TheFirst",
     {{"stateTransitionHistory", {{"0", State("Submitted", "2026-08-21T10:00:00.301Z")}}}},
     false},
    {"ALaterOne", {{"stateTransitionHistory", kOneRun}}, true},
    {"ALaterOneOfWhatTheHistoryWasTrimmed",
     {{"stateTransitionHistory", {{"3", State("ScheduledToRestart", "2026-08-21T10:30:01Z")}}},
      {"previousAttemptSummary", {{"stateTransitionHistory", kOneRun}}}},
     true},
    {"ThatNeverCameToADriver",
     {{"stateTransitionHistory",
       {{"0", State("Submitted", "2026-08-21T10:00:00Z")},
        {"1", State("SchedulingFailure", "2026-08-21T10:00:02Z")}}}},
     false},
};

class SubmissionOfAnApacheRun : public testing::TestWithParam<ApacheRun> {};

TEST_P(SubmissionOfAnApacheRun, IsLeftWhereItIsNotTheFirst) {
  const ApacheRun& row = GetParam();
  json stored = WithinLimits();
  stored["apiVersion"] = "spark.apache.org/v1";
  stored["metadata"].update(kWritten);
  stored["status"] = row.status;
  const json pod = ApachePodOf(stored, "driver", "31539Mi", "4");
  const AdmissionAnswer answer = Ask(pod, OnSmallNodes(With(kLenient, stored)));
  EXPECT_EQ(answer.allowed, row.left) << answer.message;
  EXPECT_EQ(answer.recorded, row.left);
}

INSTANTIATE_TEST_SUITE_P(Table, SubmissionOfAnApacheRun, testing::ValuesIn(kApacheRuns),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace ballast::webhook
