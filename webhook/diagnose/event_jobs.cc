// Events of jobs, stages, the environment and query plans.

#include <algorithm>
#include <map>
#include <vector>

#include "webhook/diagnose/event_context.h"
#include "webhook/diagnose/java_options.h"

namespace ballast::webhook {
namespace {

constexpr size_t kMostStages = 50'000;        // of one job
constexpr size_t kMostBroadcasts = 10'000;    // tables
constexpr int64_t kLargeBroadcast = 4 << 20;  // bytes
// A hash table begins with a page of this size however little it holds, from Spark 4 on.
constexpr int64_t kFirstPage = 32 << 20;

// The longest chain of stages, each of which needs the one before. A stage's parents have smaller
// ids.
int64_t LongestChain(const std::map<int64_t, std::vector<int64_t>>& parents_of) {
  std::map<int64_t, int64_t> depth;
  int64_t longest = 0;
  for (const auto& [id, parents] : parents_of) {
    int64_t deepest = 0;
    for (const int64_t parent : parents) {
      const auto found = depth.find(parent);
      if (found != depth.end()) deepest = std::max(deepest, found->second);
    }
    depth[id] = deepest + 1;
    longest = std::max(longest, deepest + 1);
  }
  return longest;
}

bool RunsPython(std::string_view line) {
  for (const std::string_view sign : {"PythonRDD", "ArrowEvalPython", "BatchEvalPython",
                                      "PythonRunner", "MapInPandas", "FlatMapGroupsInPandas"}) {
    if (line.find(sign) != std::string_view::npos) return true;
  }
  return false;
}

// Notes which accumulators count the bytes of a broadcast table.
void WalkPlan(EventContext& context, JsonObject node) {
  const bool broadcast = TextOf(node, "nodeName") == "BroadcastExchange";
  InArray(node, "children", [&](JsonValue child) {
    JsonObject inner;
    if (child.get_object().get(inner) == simdjson::SUCCESS) WalkPlan(context, inner);
  });
  if (!broadcast || context.broadcast_sizes.size() >= kMostBroadcasts) return;
  InArray(node, "metrics", [&](JsonValue metric) {
    JsonObject fields;
    if (metric.get_object().get(fields) != simdjson::SUCCESS) return;
    if (TextOf(fields, "name") != "data size") return;
    context.broadcast_sizes.insert(IntOf(fields, "accumulatorId"));
  });
}

}  // namespace

void ReadJobStart(EventContext& context, JsonObject event) {
  const int64_t job = IntOf(event, "Job ID");
  const int64_t at = IntOf(event, "Submission Time");
  std::map<int64_t, std::vector<int64_t>> parents_of;
  InArray(event, "Stage Infos", [&](JsonValue element) {
    JsonObject stage;
    if (parents_of.size() >= kMostStages) return;
    if (element.get_object().get(stage) != simdjson::SUCCESS) return;
    std::vector<int64_t>& parents = parents_of[IntOf(stage, "Stage ID")];
    InArray(stage, "Parent IDs", [&](JsonValue parent) {
      int64_t id = 0;
      if (parent.get_int64().get(id) == simdjson::SUCCESS) parents.push_back(id);
    });
  });
  context.builder.JobStarted(job, at, LongestChain(parents_of));
}

void ReadJobEnd(EventContext& context, JsonObject event) {
  const int64_t at = IntOf(event, "Completion Time");
  std::string_view message;
  bool failed = false;
  InObject(event, "Job Result", [&](JsonObject result) {
    failed = TextOf(result, "Result") != "JobSucceeded";
    InObject(result, "Exception",
             [&](JsonObject exception) { message = TextOf(exception, "Message"); });
  });
  // Of a stage that failed the reason was told before.
  if (!context.builder.stage_failed()) context.Message(message, {.whole = true});
  context.builder.JobEnded(at, failed);
}

void ReadStage(EventContext& context, JsonObject event, bool completed) {
  StageInfo stage;
  InObject(event, "Stage Info", [&](JsonObject info) {
    stage.id = IntOf(info, "Stage ID");
    stage.attempt = IntOf(info, "Stage Attempt ID");
    stage.name = TextOf(info, "Stage Name");
    stage.tasks = IntOf(info, "Number of Tasks");
    stage.submitted = IntOf(info, "Submission Time");
    if (!completed) return;
    stage.completed = IntOf(info, "Completion Time");
    stage.failure = TextOf(info, "Failure Reason");
  });
  if (!completed) {
    context.builder.StageSubmitted(stage);
    if (RunsPython(context.line)) context.builder.PythonSeen();
    return;
  }
  context.builder.StageCompleted(stage);
  context.Message(stage.failure, {.stage = stage.id, .whole = true});
}

void ReadEnvironment(EventContext& context, JsonObject event) {
  std::vector<std::pair<std::string_view, std::string_view>> settings;
  JsonObject object;
  if (event.at_key("Spark Properties").get_object().get(object) != simdjson::SUCCESS) return;
  for (const auto field : object) {
    std::string_view value;
    if (field.value.get_string().get(value) != simdjson::SUCCESS) continue;
    if (field.key.ends_with(".extraJavaOptions")) {
      value = WithoutSparksOwn(value);
      if (value.empty()) continue;
    }
    settings.emplace_back(field.key, value);
  }
  context.builder.SettingsAre(settings);
}

void ReadPlan(EventContext& context, JsonObject event) {
  if (context.line.find("\"BroadcastExchange\"") == std::string_view::npos) return;
  InObject(event, "sparkPlanInfo", [&](JsonObject plan) { WalkPlan(context, plan); });
}

void ReadDriverAccumulators(EventContext& context, JsonObject event) {
  if (context.broadcast_sizes.empty()) return;
  InArray(event, "accumUpdates", [&](JsonValue update) {
    int64_t pair[2] = {};
    size_t at = 0;
    simdjson::dom::array numbers;
    if (update.get_array().get(numbers) != simdjson::SUCCESS) return;
    for (const JsonValue number : numbers) {
      int64_t value = 0;
      if (number.get_int64().get(value) != simdjson::SUCCESS || at >= 2) return;
      pair[at++] = value;
    }
    if (!context.broadcast_sizes.contains(pair[0])) return;
    const int64_t held = pair[1] >= kFirstPage ? pair[1] - kFirstPage : pair[1];
    if (held <= kLargeBroadcast) return;
    context.Sighted({.sight = policy::Sight::kLargeBroadcast, .amount = pair[1], .name = "table"},
                    "data size of a BroadcastExchange: " + std::to_string(pair[1]) + " bytes");
  });
}

}  // namespace ballast::webhook
