#include "webhook/diagnose/event_log.h"

#include <algorithm>
#include <mutex>

#include "policy/cut_text.h"
#include "webhook/diagnose/event_context.h"
#include "webhook/diagnose/line_reader.h"

namespace ballast::webhook {
namespace {

static_assert(LineReader::kPadding >= simdjson::SIMDJSON_PADDING);

void ReadExecutorAdded(EventContext& context, JsonObject event) {
  const int64_t at = IntOf(event, "Timestamp");
  const std::string_view id = TextOf(event, "Executor ID");
  InObject(event, "Executor Info", [&](JsonObject info) {
    const std::string_view host = TextOf(info, "Host");
    context.builder.ExecutorAdded(id, host, IntOf(info, "Total Cores"), at);
  });
}

void ReadExecutorRemoved(EventContext& context, JsonObject event) {
  const int64_t at = IntOf(event, "Timestamp");
  const std::string_view id = TextOf(event, "Executor ID");
  const std::string_view reason = TextOf(event, "Removed Reason");
  context.builder.ExecutorRemoved(id, reason, at);
  ForEachLoss(reason, id, [&](const policy::Seen& seen) { context.Sighted(seen, reason); });
}

void ReadBlockManagerAdded(EventContext& context, JsonObject event) {
  std::string_view id;
  InObject(event, "Block Manager ID",
           [&](JsonObject manager) { id = TextOf(manager, "Executor ID"); });
  const int64_t at = IntOf(event, "Timestamp");
  const int64_t heap = IntOf(event, "Maximum Onheap Memory");
  const int64_t off_heap = IntOf(event, "Maximum Offheap Memory");
  context.builder.BlockManagerAdded(id, policy::Bytes(heap), policy::Bytes(off_heap), at);
}

void ReadTaskStart(EventContext& context, JsonObject event) {
  const int64_t stage = IntOf(event, "Stage ID");
  const int64_t attempt = IntOf(event, "Stage Attempt ID");
  InObject(event, "Task Info", [&](JsonObject info) {
    const int64_t at = IntOf(info, "Launch Time");
    context.builder.TaskStarted(stage, attempt, TextOf(info, "Executor ID"), at);
  });
}

void ReadStageExecutorMetrics(EventContext& context, JsonObject event) {
  const std::string_view id = TextOf(event, "Executor ID");
  InObject(event, "Executor Metrics", [&](JsonObject metrics) {
    ReportedMemory reported = ReadExecutorMetrics(metrics);
    reported.sample.at = context.builder.now();
    context.builder.MemorySeen(id, reported.sample, reported.own_gc_time);
  });
}

void ReadApplicationStart(EventContext& context, JsonObject event) {
  const std::string_view name = TextOf(event, "App Name");
  const std::string_view id = TextOf(event, "App ID");
  context.builder.ApplicationStarted(id, name, IntOf(event, "Timestamp"));
}

struct KnownEvent {
  std::string_view name;
  void (*read)(EventContext& context, JsonObject event);
};

// The most frequent ones first.
constexpr KnownEvent kEvents[] = {
    {"SparkListenerTaskEnd", ReadTaskEnd},
    {"SparkListenerTaskStart", ReadTaskStart},
    {"SparkListenerStageSubmitted",
     [](EventContext& context, JsonObject event) { ReadStage(context, event, false); }},
    {"SparkListenerStageCompleted",
     [](EventContext& context, JsonObject event) { ReadStage(context, event, true); }},
    {"SparkListenerStageExecutorMetrics", ReadStageExecutorMetrics},
    {"SparkListenerJobStart", ReadJobStart},
    {"SparkListenerJobEnd", ReadJobEnd},
    {"SparkListenerBlockUpdated", ReadBlockUpdate},
    {"SparkListenerExecutorAdded", ReadExecutorAdded},
    {"SparkListenerExecutorRemoved", ReadExecutorRemoved},
    {"SparkListenerBlockManagerAdded", ReadBlockManagerAdded},
    {"SparkListenerEnvironmentUpdate", ReadEnvironment},
    {"SparkListenerApplicationStart", ReadApplicationStart},
    {"SparkListenerApplicationEnd",
     [](EventContext& context, JsonObject event) {
       context.builder.ApplicationEnded(IntOf(event, "Timestamp"));
     }},
    {"SparkListenerLogStart",
     [](EventContext& context, JsonObject event) {
       context.builder.SparkVersionIs(TextOf(event, "Spark Version"));
     }},
    {"org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart", ReadPlan},
    {"org.apache.spark.sql.execution.ui.SparkListenerSQLAdaptiveExecutionUpdate", ReadPlan},
    {"org.apache.spark.sql.execution.ui.SparkListenerDriverAccumUpdates", ReadDriverAccumulators},
};

const KnownEvent* FindEvent(std::string_view name) {
  for (const KnownEvent& known : kEvents) {
    if (known.name == name) return &known;
  }
  return nullptr;
}

constexpr size_t kLargeLine = 1 << 20;
constexpr size_t kDensest = 8;  // bytes to a value, at least; Spark's events have 8.4 to 29

// A document takes up to 20 times its text, so of large lines one is parsed at a time, and none
// that consists of almost nothing but tiny values.
bool IsTooDense(std::string_view line) {
  const auto separators = std::count_if(line.begin(), line.end(), [](char c) {
    return c == ',' || c == ':' || c == '[' || c == '{';
  });
  return static_cast<size_t>(separators) > line.size() / kDensest;
}

std::mutex one_large_line;

constexpr size_t kMostBlocks = 20'000;  // cached ones that are followed
constexpr std::string_view kUsualBegin = R"({"Event":")";

// The event's name where the line begins as Spark writes it; empty: it does not.
std::string_view UsualName(std::string_view line) {
  if (!line.starts_with(kUsualBegin)) return {};
  const std::string_view rest = line.substr(kUsualBegin.size());
  const size_t end = rest.find('"');
  return end == std::string_view::npos ? std::string_view() : rest.substr(0, end);
}

// Reads the context's line; the event's name is sought in it where `known` is not.
bool ReadKnown(const KnownEvent* known, simdjson::dom::parser& parser, EventContext& context) {
  const std::string_view line = context.line;
  JsonValue document;
  JsonObject event;
  if (parser.parse(line.data(), line.size(), false).get(document) != simdjson::SUCCESS ||
      document.get_object().get(event) != simdjson::SUCCESS) {
    return false;
  }
  if (known == nullptr) {
    const std::string_view name = TextOf(event, "Event");
    if (name.empty()) return false;
    known = FindEvent(name);
    if (known == nullptr) return true;
  } else if (!line.ends_with('}')) {
    return false;
  }
  known->read(context, event);
  return true;
}

}  // namespace

void EventContext::Sighted(const policy::Seen& seen, std::string_view text) const {
  const std::string_view first = text.substr(0, text.find('\n'));
  builder.Sighted(seen,
                  {.source = source,
                   .line = number,
                   .text = std::string(policy::CutText(first, policy::kLineText))},
                  true);
}

// The block was in memory, and is on disk now.
void ReadBlockUpdate(EventContext& context, JsonObject event) {
  InObject(event, "Block Updated Info", [&](JsonObject info) {
    std::string_view executor;
    InObject(info, "Block Manager ID",
             [&](JsonObject manager) { executor = TextOf(manager, "Executor ID"); });
    const std::string_view block = TextOf(info, "Block ID");
    if (!block.starts_with("rdd_")) return;
    bool memory = false;
    bool disk = false;
    InObject(info, "Storage Level", [&](JsonObject level) {
      disk = BoolOf(level, "Use Disk");
      memory = BoolOf(level, "Use Memory");
    });
    const std::string key = std::string(executor) + " " + std::string(block);
    if (memory) {
      if (context.in_memory.size() < kMostBlocks) context.in_memory.insert(key);
    } else if (context.in_memory.erase(key) > 0 && disk) {
      context.Sighted({.sight = policy::Sight::kEvicted,
                       .amount = IntOf(info, "Disk Size"),
                       .executor = std::string(executor)},
                      block);
    }
  });
}

bool LooksLikeEvent(std::string_view line) {
  return line.starts_with('{') && line.substr(0, 200).find("\"Event\"") != std::string_view::npos;
}

struct EventLogReader::Parser {
  Parser(RunBuilder& builder, std::string source)
      : context{.builder = builder, .source = std::move(source)} {}

  simdjson::dom::parser parser;
  EventContext context;
};

EventLogReader::EventLogReader(RunBuilder& builder, std::string source)
    : parser_(std::make_unique<Parser>(builder, std::move(source))) {}
EventLogReader::~EventLogReader() = default;

bool EventLogReader::Read(std::string_view line, int64_t number) {
  const std::string_view usual = UsualName(line);
  const KnownEvent* known = FindEvent(usual);
  // Of the others it is enough that they begin and end as an event does.
  if (!usual.empty() && known == nullptr) return line.ends_with('}');
  EventContext& context = parser_->context;
  context.line = line;
  context.number = number;
  if (line.size() <= kLargeLine) return ReadKnown(known, parser_->parser, context);
  const std::lock_guard turn(one_large_line);
  simdjson::dom::parser parser;
  return !IsTooDense(line) && ReadKnown(known, parser, context);
}

}  // namespace ballast::webhook
