// Which stored decisions are told, and how often.
#include "webhook/operator/stored_decisions.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "webhook/admission/record.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

constexpr int64_t kNow = 1'795'255'200;  // 2026-11-21T10:00:00Z
const Collection kApplications = {"sparkoperator.k8s.io/v1beta2", "SparkApplication",
                                  "/apis/sparkoperator.k8s.io/v1beta2/sparkapplications"};

const char* const kDecisionText =
    R"({"verdict":"Rewritten","rules":"kryo-buffer","policy":"team@3,org@12","engine":"0.1",)"
    R"("before":"driver 1Gi 1 cpu, executors 2 x 4Gi 4 cpu",)"
    R"("after":"driver 1Gi 1 cpu, executors 4 x 2Gi 2 cpu"})";

json Application(const char* name, int generation, const char* decision,
                 const char* created = "2026-11-21T09:00:00Z") {
  json object = {{"metadata",
                  {{"name", name},
                   {"namespace", "jobs"},
                   {"uid", std::string("uid-") + name},
                   {"generation", generation},
                   {"creationTimestamp", created}}}};
  if (decision != nullptr) {
    object["metadata"]["annotations"] = {{"ballast.dev/decision", decision}};
  }
  return object;
}

struct Watch {
  StoredDecisions decisions;

  void Put(const json& object) { decisions.Put(kApplications, k8s::JsonView(object), kNow); }
  void List(const std::vector<json>& objects) {
    decisions.ListBegins(kApplications);
    for (const json& object : objects) Put(object);
    decisions.ListEnds(kApplications);
  }
  // "daily x1, hourly x2"
  std::string Told() {
    std::string text;
    for (const DecisionEvent& event : decisions.TakeEvents(100)) {
      text += (text.empty() ? "" : ", ") + event.object + " x" + std::to_string(event.count);
    }
    return text;
  }
};

TEST(StoredDecisions, AnEventSaysWhatBecameOfWhat) {
  Watch it;
  it.List({});
  it.Put(Application("daily", 1, kDecisionText));
  const auto events = it.decisions.TakeEvents(10);
  ASSERT_EQ(events.size(), 1U);
  const json event = EventJson(events[0], "ballast-0", kNow);
  EXPECT_EQ(event["involvedObject"], json({{"apiVersion", "sparkoperator.k8s.io/v1beta2"},
                                           {"kind", "SparkApplication"},
                                           {"namespace", "jobs"},
                                           {"name", "daily"},
                                           {"uid", "uid-daily"}}));
  EXPECT_EQ(event["message"],
            "Ballast rewrote it (kryo-buffer; policy team@3,org@12): driver 1Gi 1 cpu, executors "
            "2 x 4Gi 4 cpu became driver 1Gi 1 cpu, executors 4 x 2Gi 2 cpu. `ballast restore` "
            "prints what was written.");
  EXPECT_EQ(event["reason"], "Rewritten");
  EXPECT_EQ(event["count"], 1);
  EXPECT_EQ(event["lastTimestamp"], "2026-11-21T10:00:00Z");
  EXPECT_EQ(event["reportingInstance"], "ballast-0");
  const std::string name = event["metadata"]["name"];
  EXPECT_TRUE(name.starts_with("daily."));
  EXPECT_EQ(name.size(), std::string("daily.").size() + 16);
}

TEST(StoredDecisions, AnEventNamesWhatWasChanged) {
  Watch it;
  it.List({});
  json object = Application("daily", 1, R"({"rules":"r","policy":"p@1","before":"b","after":"b"})");
  json& original = object["metadata"]["annotations"]["ballast.dev/original"];
  original = PrintRecord({.asked = 1,
                          .paths = {{"/spec/a", "2048m", "1024m"},
                                    {"/spec/b", std::nullopt, "x"},
                                    {"/spec/c", json::object(), "x"},
                                    {"/spec/d", 4, 2},
                                    {"/spec/e", "y", std::nullopt},
                                    {"/spec/f", "y", "z"}}});
  it.Put(object);
  object["metadata"]["uid"] = "another";
  original = "no record";
  it.Put(object);
  const auto events = it.decisions.TakeEvents(10);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(
      events[0].message,
      "Ballast rewrote it (r; policy p@1): /spec/a: 2048m became 1024m, /spec/b: unset became "
      "x, /spec/d: 4 became 2, /spec/e: y became unset, and 1 more. `ballast restore` prints "
      "what was written.");
  EXPECT_EQ(events[1].message,
            "Ballast rewrote it (r; policy p@1). `ballast restore` prints what was written.");
}

TEST(StoredDecisions, ADecisionIsToldOnce) {
  Watch it;
  it.List({});
  it.Put(Application("daily", 1, kDecisionText));
  it.Put(Application("daily", 1, kDecisionText));  // its status changes
  it.List({Application("daily", 1, kDecisionText)});
  EXPECT_EQ(it.Told(), "daily x1");
}

TEST(StoredDecisions, TheSameGivenAgainIsCounted) {
  Watch it;
  it.List({});
  it.Put(Application("daily", 1, kDecisionText));
  it.Put(Application("daily", 2, kDecisionText));
  it.Put(Application("daily", 3, kDecisionText));
  const auto events = it.decisions.TakeEvents(10);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[2].count, 3);
  EXPECT_EQ(events[2].name, events[0].name);
}

TEST(StoredDecisions, AnotherDecisionIsAnotherEvent) {
  Watch it;
  it.List({});
  it.Put(Application("daily", 1, kDecisionText));
  it.Put(Application("daily", 2, R"({"policy":"org@13"})"));
  const auto events = it.decisions.TakeEvents(10);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_NE(events[0].name, events[1].name);
  EXPECT_EQ(events[1].count, 1);
}

TEST(StoredDecisions, WithoutADecisionNothingIsTold) {
  Watch it;
  it.List({});
  it.Put(Application("daily", 1, nullptr));
  EXPECT_EQ(it.Told(), "");
  EXPECT_TRUE(it.decisions.CountsByPolicy().empty());
}

TEST(StoredDecisions, ANewLeaderTellsTheYoungOnesAlone) {
  Watch it;
  it.List({Application("old", 1, kDecisionText, "2026-11-21T09:50:00Z"),
           Application("young", 1, kDecisionText, "2026-11-21T09:50:01Z")});
  EXPECT_EQ(it.Told(), "young x1");
}

TEST(StoredDecisions, AfterALostWatchWhatIsNewIsTold) {
  Watch it;
  it.List({Application("old", 1, kDecisionText)});
  it.List({Application("old", 1, kDecisionText), Application("new", 1, kDecisionText)});
  EXPECT_EQ(it.Told(), "new x1");
}

TEST(StoredDecisions, CountsStoredOnesByPolicy) {
  Watch it;
  it.List({Application("a", 1, kDecisionText), Application("b", 1, kDecisionText),
           Application("c", 1, R"({"policy":"org@1"})")});
  using Counts = std::map<std::string, int64_t>;
  EXPECT_EQ(it.decisions.CountsByPolicy(), (Counts{{"team", 2}, {"org", 3}}));
  const json gone = Application("a", 1, kDecisionText);
  it.decisions.Removed(k8s::JsonView(gone));
  EXPECT_EQ(it.decisions.CountsByPolicy(), (Counts{{"team", 1}, {"org", 2}}));
  it.List({});
  EXPECT_TRUE(it.decisions.CountsByPolicy().empty());
}

TEST(StoredDecisions, AreCompleteOnceEveryCollectionWasListed) {
  StoredDecisions decisions;
  for (const Collection& collection : JudgedCollections()) {
    EXPECT_FALSE(decisions.complete());
    decisions.ListBegins(collection);
    EXPECT_FALSE(decisions.complete());
    decisions.ListEnds(collection);
  }
  EXPECT_TRUE(decisions.complete());
  // A later list brings what is known up to date.
  decisions.ListBegins(JudgedCollections().front());
  EXPECT_TRUE(decisions.complete());
  decisions.Clear();
  EXPECT_FALSE(decisions.complete());
}

TEST(StoredDecisions, WhatIsNoSummaryIsToldShortly) {
  Watch it;
  it.List({});
  it.Put(Application("odd", 1, "[1,2"));
  it.Put(Application("long", 1, ("{\"before\":\"" + std::string(5000, 'x') + "\"}").c_str()));
  const auto events = it.decisions.TakeEvents(10);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_LE(events[1].message.size(), 1024U);
}

TEST(StoredDecisions, WhatCouldNotBeToldWaitsInOrder) {
  Watch it;
  it.List({});
  for (const char* name : {"a", "b", "c"}) it.Put(Application(name, 1, kDecisionText));
  auto events = it.decisions.TakeEvents(2);
  it.decisions.GiveBack(std::move(events));
  EXPECT_EQ(it.Told(), "a x1, b x1, c x1");
}

TEST(StoredDecisions, TooManyWaitingAreDroppedAndCounted) {
  Watch it;
  it.List({});
  for (int i = 0; i < 10'003; ++i) {
    it.Put(Application(std::to_string(i).c_str(), 1, kDecisionText));
  }
  EXPECT_EQ(it.decisions.dropped(), 3U);
  EXPECT_EQ(it.decisions.TakeEvents(20'000).size(), 10'000U);
}

}  // namespace
}  // namespace ballast::webhook
