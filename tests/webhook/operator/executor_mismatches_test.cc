#include "webhook/operator/executor_mismatches.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "webhook/operator/unjudged.h"
#include "webhook/policy_file/policy_yaml_exception.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

constexpr int64_t kNow = 1'790'000'000;
constexpr const char* kVersion = "sparkoperator.k8s.io/v1beta2";

// An executor of a driver, as the leader's watch tells it: its metadata alone.
json Marked(const std::string& name, const std::string& why, int64_t age_seconds = 5) {
  return {{"metadata",
           {{"name", name},
            {"namespace", "jobs"},
            {"uid", "uid-of-" + name},
            {"creationTimestamp", PrintMoment(kNow - age_seconds)},
            {"labels", {{"spark-role", "executor"}, {"sparkoperator.k8s.io/app-name", "daily"}}},
            {"annotations", {{"ballast.dev/mismatch", why}}},
            {"ownerReferences", {{{"kind", "Pod"}, {"name", "daily-driver"}, {"uid", "d-1"}}}}}}};
}

std::optional<DecisionEvent> Tell(ExecutorMismatches& mismatches, const json& pod,
                                  const ApplicationBook* book = nullptr) {
  return mismatches.Tell(k8s::JsonView(pod), book, kNow);
}

TEST(ExecutorMismatches, AreToldOnceForADriverAndAReason) {
  ExecutorMismatches mismatches;
  const auto first = Tell(mismatches, Marked("exec-1", "executor-shape: too large"));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->kind, "Pod");
  EXPECT_EQ(first->object, "daily-driver");
  EXPECT_EQ(first->uid, "d-1");
  EXPECT_EQ(first->message,
            "Executors are not what was decided, or what policy and cluster would have: "
            "executor-shape: too "
            "large");
  const json event = EventJson(*first, "ballast-0", kNow);
  EXPECT_EQ(event["type"], "Warning");
  EXPECT_EQ(event["reason"], "ExecutorMismatch");
  EXPECT_EQ(event["involvedObject"]["name"], "daily-driver");
  EXPECT_FALSE(Tell(mismatches, Marked("exec-2", "executor-shape: too large")));
  EXPECT_TRUE(Tell(mismatches, Marked("exec-3", "executor-fits-node: too large")));
  // The next leader gives the Event the same name, so it is made once.
  ExecutorMismatches next;
  EXPECT_EQ(Tell(next, Marked("exec-9", "executor-shape: too large"))->name, first->name);
}

TEST(ExecutorMismatches, AreToldOfTheApplicationWhereItIsKnown) {
  ApplicationBook book;
  const json application = {
      {"metadata", {{"name", "daily"}, {"namespace", "jobs"}, {"uid", "a-1"}}}};
  book.Put(kVersion, k8s::JsonView(application));
  ExecutorMismatches mismatches;
  const auto event = Tell(mismatches, Marked("exec-1", "x"), &book);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->kind, "SparkApplication");
  EXPECT_EQ(event->object, "daily");
  EXPECT_EQ(event->uid, "a-1");
}

TEST(ExecutorMismatches, OfOldPodsAreLeftToTheLeaderOfThatTime) {
  ExecutorMismatches mismatches;
  EXPECT_TRUE(Tell(mismatches, Marked("exec-1", "x", 599)));
  EXPECT_FALSE(Tell(mismatches, Marked("exec-2", "y", 600)));
}

TEST(Unjudged, OnlyALongGapIsAnAbsence) {
  struct Row {
    std::string renewed;
    std::optional<Absence> want;
  };
  const Row kRows[] = {
      {"", std::nullopt},
      {"yesterday", std::nullopt},
      {PrintMoment(kNow - 30), std::nullopt},
      {PrintMoment(kNow - 31), Absence{kNow - 31, kNow}},
      {"2026-09-21T13:00:00.123456Z", Absence{*ReadMoment("2026-09-21T13:00:00Z"), kNow}},
      {PrintMoment(kNow + 60), std::nullopt},
  };
  for (const Row& row : kRows) EXPECT_EQ(AbsenceBefore(row.renewed, kNow), row.want) << row.renewed;
}

// ---- The book of applications ------------------------------------------------------------------

TEST(ApplicationBook, KnowsWhatTheLastListAndItsWatchSaid) {
  const auto named = [](const char* name) {
    return json{{"metadata",
                 {{"name", name},
                  {"namespace", "jobs"},
                  {"labels", {{"team", "a"}}},
                  {"annotations", {{"ballast.dev/original", "{}"}}}}}};
  };
  const auto find = [](const ApplicationBook& book, const char* space, const char* name,
                       const char* label = "sparkoperator.k8s.io/app-name") {
    return book.FindFor(space, {{"x", "y"}, {label, name}});
  };
  ApplicationBook book;
  book.ListBegins(kVersion);
  const json one = named("one");
  const json two = named("two");
  book.Put(kVersion, k8s::JsonView(one));
  book.Put(kVersion, k8s::JsonView(two));
  book.ListEnds(kVersion);
  ASSERT_TRUE(find(book, "jobs", "one"));
  EXPECT_EQ(find(book, "jobs", "one")->labels.at("team"), "a");
  EXPECT_TRUE(find(book, "jobs", "one")->decided());
  EXPECT_FALSE(find(book, "other", "one"));
  EXPECT_FALSE(find(book, "jobs", "one", "spark.operator/spark-app-name"));
  book.Removed(kVersion, k8s::JsonView(one));
  EXPECT_FALSE(find(book, "jobs", "one"));
  // Apache's are others, and each of its versions shows the same.
  book.Put("spark.apache.org/v1", k8s::JsonView(two));
  book.Put("spark.apache.org/v1beta1", k8s::JsonView(two));
  EXPECT_EQ(book.size(), 2u);
  EXPECT_EQ(find(book, "jobs", "two", "spark.operator/spark-app-name")->kind->group,
            "spark.apache.org");
  book.ListBegins(kVersion);
  book.ListEnds(kVersion);
  EXPECT_FALSE(find(book, "jobs", "two"));
  EXPECT_EQ(book.size(), 1u);
  // A version that is not served has an empty list, each half minute; what the other one told
  // stays.
  book.ListBegins("spark.apache.org/v1");
  book.ListEnds("spark.apache.org/v1");
  EXPECT_EQ(book.size(), 1u);
  book.ListBegins("spark.apache.org/v1beta1");
  book.ListEnds("spark.apache.org/v1beta1");
  EXPECT_EQ(book.size(), 0u);
}

// Of 64 KiB an application has room for a few hundred labels.
json Labelled(const std::string& name, int labels) {
  json all = json::object();
  for (int i = 0; i < labels; ++i) all["example.com/label-" + std::to_string(1000 + i)] = "";
  return {{"metadata", {{"name", name}, {"namespace", "jobs"}, {"labels", all}}}};
}

TEST(ApplicationBook, AnApplicationOverItsBoundIsNotKnown) {
  const auto known = [](const ApplicationBook& book) {
    return book.FindFor("jobs", {{"sparkoperator.k8s.io/app-name", "one"}}) != nullptr;
  };
  ApplicationBook book;
  const json good = Labelled("one", 300);
  const json large = Labelled("one", 500);
  EXPECT_EQ(book.Put(kVersion, k8s::JsonView(good)), Kept::kYes);
  EXPECT_TRUE(known(book));
  // Nor by what it was before.
  EXPECT_EQ(book.Put(kVersion, k8s::JsonView(large)), Kept::kTooLarge);
  EXPECT_FALSE(known(book));
  EXPECT_EQ(book.left_out(), 1u);
  // A record that is too long to be kept is not one that is not there.
  json recorded = Labelled("one", 0);
  recorded["metadata"]["annotations"]["ballast.dev/original"] = std::string(65 << 10, 'x');
  EXPECT_EQ(book.Put(kVersion, k8s::JsonView(recorded)), Kept::kTooLarge);
  EXPECT_FALSE(known(book));
}

TEST(ApplicationBook, AllTogetherAreBounded) {
  ApplicationBook book(size_t{1} << 20);
  const auto put = [&](int i) {
    const json one = Labelled("n" + std::to_string(i), 300);
    return book.Put(kVersion, k8s::JsonView(one));
  };
  book.ListBegins(kVersion);
  int kept = 0;
  while (kept < 1000 && put(kept) == Kept::kYes) ++kept;
  EXPECT_GT(kept, 16);
  EXPECT_LT(kept, 32);
  book.ListEnds(kVersion);
  EXPECT_EQ(book.size(), static_cast<size_t>(kept));
  EXPECT_EQ(book.left_out(), 1u);
  // What is told again takes no more; what goes makes room, singly and by a list.
  EXPECT_EQ(put(0), Kept::kYes);
  EXPECT_EQ(put(kept), Kept::kFull);
  const json first = Labelled("n0", 0);
  book.Removed(kVersion, k8s::JsonView(first));
  EXPECT_EQ(put(kept), Kept::kYes);
  book.ListBegins(kVersion);
  book.ListEnds(kVersion);
  EXPECT_EQ(book.size(), 0u);
  for (int i = 0; i < kept; ++i) EXPECT_EQ(put(i), Kept::kYes) << i;
}

}  // namespace
}  // namespace ballast::webhook
