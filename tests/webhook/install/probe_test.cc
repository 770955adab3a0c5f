#include "webhook/install/probe.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "k8s/json_text.h"
#include "k8s/kinds/kind.h"
#include "tests/fakes/api_server.h"
#include "webhook/policy_file/policy_object.h"

namespace ballast::webhook {
namespace {

using k8s::ApiError;
using nlohmann::json;
using Answer = k8s::ApiResult<json>;

const std::string kDenied =
    "admission webhook \"validate.ballast.dev\" denied the request: ballast: kryo-buffer: ...";
const std::string kPolicyDenied =
    "admission webhook \"policies.ballast.dev\" denied the request: ballast: spec.limits: ...";

struct Row {
  const char* name;
  ProbeResult (*judge)(const Answer&);
  Answer answer;
  Proof want;
  const char* text;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class Judging : public testing::TestWithParam<Row> {};

TEST_P(Judging, SaysWhatAnAnswerShows) {
  const ProbeResult result = GetParam().judge(GetParam().answer);
  EXPECT_EQ(result.proof, GetParam().want);
  EXPECT_EQ(result.text, GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Judging,
    testing::Values(
        Row{"PolicyRefused", JudgePolicyTrial, ApiError{422, "Invalid", kPolicyDenied},
            Proof::kProven, "a SparkResourcePolicy with a mistake was refused by Ballast"},
        Row{"PolicyAccepted", JudgePolicyTrial, json::object(), Proof::kNotYet,
            "a SparkResourcePolicy with a mistake was accepted: Ballast was not asked"},
        Row{"PolicyRefusedByAnother", JudgePolicyTrial,
            ApiError{403, "Forbidden", "admission webhook \"other\" denied the request: no"},
            Proof::kNotYet,
            "the API server answered 403 Forbidden: admission webhook \"other\" denied the "
            "request: "
            "no"},
        Row{"PolicyUnknown", JudgePolicyTrial,
            ApiError{404, "NotFound", "the server could not find the requested resource"},
            Proof::kNotYet,
            "the API server does not know SparkResourcePolicy: the API server answered 404 "
            "NotFound: "
            "the server could not find the requested resource"},
        Row{"CallFails", JudgePolicyTrial,
            ApiError{500, "InternalError",
                     "failed calling webhook \"policies.ballast.dev\": connection refused"},
            Proof::kNotYet,
            "the API server answered 500 InternalError: failed calling webhook "
            "\"policies.ballast.dev\": connection refused"},
        Row{"ApplicationRewritten", JudgeApplicationTrial,
            json{{"metadata", {{"annotations", {{"ballast.dev/original", "{}"}}}}}}, Proof::kProven,
            "a SparkApplication was rewritten by Ballast"},
        Row{"ApplicationPlanned", JudgeApplicationTrial,
            json{{"metadata", {{"annotations", {{"ballast.dev/planned", "{}"}}}}}}, Proof::kProven,
            "the rewrite of a SparkApplication was planned by Ballast"},
        Row{"ApplicationRefused", JudgeApplicationTrial, ApiError{422, "", kDenied}, Proof::kProven,
            "a SparkApplication was refused by Ballast"},
        Row{"ApplicationPassed", JudgeApplicationTrial,
            json{{"metadata", {{"annotations", {{"other", "x"}}}}}}, Proof::kNotYet,
            "a SparkApplication that must be rewritten was admitted as it is: Ballast was not "
            "asked"},
        Row{"ApplicationUnknown", JudgeApplicationTrial,
            ApiError{404, "NotFound", "the server could not find the requested resource"},
            Proof::kNotServed, "SparkApplication is not installed in this cluster: not tried"},
        Row{"NamespaceUnknown", JudgeApplicationTrial,
            ApiError{404, "NotFound", "namespaces \"x\" not found"}, Proof::kNotYet,
            "the API server answered 404 NotFound: namespaces \"x\" not found"}),
    [](const testing::TestParamInfo<Row>& row) { return std::string(row.param.name); });

// What is sent has to be what Ballast cannot let pass.
TEST(Trial, IsAMistakeAndNothingElseIs) {
  const json trial = PolicyTrial("ballast-probe");
  const auto read = ReadPolicyObject(k8s::JsonView(trial), kPolicyKind);
  const auto* mistakes = std::get_if<std::vector<policy::Error>>(&read);
  ASSERT_NE(mistakes, nullptr);
  ASSERT_EQ(mistakes->size(), 1u);
  EXPECT_EQ(mistakes->front().where, "spec.limits.executor.heap.min");
}

TEST(Trial, IsAJobThatSparkRefuses) {
  const json trial = ApplicationTrial({.name = "ballast-probe", .application_namespace = "x"});
  const k8s::Kind* kind = k8s::FindKind(trial["apiVersion"].get<std::string>(), "SparkApplication");
  ASSERT_NE(kind, nullptr);
  const auto workload = kind->normalise(k8s::JsonView(trial), {});
  ASSERT_TRUE(workload.ok()) << workload.error().what;
  EXPECT_EQ(trial["spec"]["sparkConf"]["spark.kryoserializer.buffer.max"], "2048m");
}

class Probing : public testing::Test {
 protected:
  Probing() {
    server_.store().Know(fakes::kPolicies);
    k8s::ApiConfig config;
    config.server = server_.url();
    config.authority.text = server_.authority().certificate_pem;
    client_ = std::make_unique<k8s::ApiClient>(config);
    options_.policy = true;
    options_.application_namespace = "default";
  }

  fakes::ApiServer server_;
  std::unique_ptr<k8s::ApiClient> client_;
  ProbeOptions options_;
};

TEST_F(Probing, TriesUntilBallastAnswers) {
  const std::string path = "PATCH /apis/policy.ballast.dev/v1alpha1/sparkresourcepolicies/";
  // In force after the third try; SparkApplication is no kind that this server knows.
  int waits = 0;
  const auto again = [&] {
    if (++waits == 2) {
      const std::string body = k8s::PrintJson(json{{"kind", "Status"}, {"message", kPolicyDenied}});
      server_.Fail(path, {.kind = fakes::Fault::Kind::kBytes,
                          .bytes = "HTTP/1.1 422 x\r\nContent-Length: " +
                                   std::to_string(body.size()) + "\r\n\r\n" + body});
    }
    return waits < 10;
  };
  const auto result = Probe(*client_, options_, again);
  ASSERT_TRUE(result.ok()) << result.error().what;
  EXPECT_EQ(waits, 2);
  EXPECT_EQ(*result, (std::vector<std::string>{
                         "a SparkResourcePolicy with a mistake was refused by Ballast",
                         "SparkApplication is not installed in this cluster: not tried"}));
  for (const fakes::ApiRequest& request : server_.Requests(path)) {
    EXPECT_EQ(request.query.at("dryRun"), "All");
    EXPECT_EQ(request.headers.at("content-type"), "application/apply-patch+yaml");
  }
}

TEST_F(Probing, SaysWhyAtTheEnd) {
  const auto result = Probe(*client_, options_, [] { return false; });
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().what,
            "a SparkResourcePolicy with a mistake was accepted: Ballast was not asked");
  EXPECT_EQ(server_.Count("sparkapplications"), 0);
}

}  // namespace
}  // namespace ballast::webhook
