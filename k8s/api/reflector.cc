#include "k8s/api/reflector.h"

#include <algorithm>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

#include "k8s/api/back_off.h"
#include "k8s/api/line_splitter.h"
#include "k8s/api/list.h"
#include "k8s/api/object_parser.h"

namespace ballast::k8s {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// What a watch came to.
enum class WatchEnd {
  kEnded,    // as every watch does; watch on from where it was
  kGone,     // the server no longer knows that version: list anew
  kBroken,   // what came is not to be trusted: list anew, after waiting
  kFailed,   // no answer, a passing one, or it broke off: watch on, after waiting
  kStopped,  //
};

struct Watched {
  WatchEnd end = WatchEnd::kEnded;
  ApiError error;
};

// Asked for a version that is not yet: the server's store was put back to an older state. It says
// so as if it were a time-out, and would say it for ever (apiserver's storage/errors.go).
bool IsAhead(const ApiError& error) {
  return error.status == 504 &&
         error.message.find("Too large resource version") != std::string::npos;
}

}  // namespace

void WatchesState::Add(const ReflectorState& one) {
  answered = answered && one.answered;
  failures += one.failures;
  if (one.listed) heard = heard == 0 ? one.heard : std::min(heard, one.heard);
}

struct Reflector::State {
  State(ApiClient& the_client, std::string the_path, ReflectorHandler the_handler,
        ReflectorOptions the_options)
      : client(the_client),
        path(std::move(the_path)),
        handler(std::move(the_handler)),
        options(the_options),
        random(std::random_device{}()),
        back_off(options.first_wait, options.longest_wait, random()) {}

  void Run();
  milliseconds List();
  Watched Watch();
  milliseconds After(const Watched& watched, Clock::duration lasted);
  bool OnLine(std::string_view line, Watched& watched);
  void OnErrorEvent(JsonView status, Watched& watched);
  milliseconds Failed(const ApiError& error);
  void Heard();
  // False: stop was asked for.
  bool Wait(milliseconds time);
  template <typename Change>
  void Note(Change&& change) {
    const std::scoped_lock lock(mutex);
    change(known);
  }

  ApiClient& client;
  const std::string path;
  const ReflectorHandler handler;
  const ReflectorOptions options;

  // Of the reflector's thread.
  std::mt19937_64 random;
  BackOff back_off;
  ObjectParser parser;
  std::string version;  // watched from here

  mutable std::mutex mutex;
  ReflectorState known;  // under mutex
  std::mutex waiting;
  std::condition_variable_any wake;
  std::stop_source stop;
  std::thread thread;
};

bool Reflector::State::Wait(milliseconds time) {
  std::unique_lock lock(waiting);
  wake.wait_for(lock, stop.get_token(), time, [] { return false; });
  return !stop.stop_requested();
}

void Reflector::State::Heard() {
  const int64_t now = std::time(nullptr);
  Note([now](ReflectorState& state) {
    state.heard = now;
    state.last_error.clear();
  });
}

// How long to wait before trying again.
milliseconds Reflector::State::Failed(const ApiError& error) {
  milliseconds wait = std::max<milliseconds>(back_off.Next(), error.retry_after);
  if (error.forbidden()) wait = std::max(wait, options.forbidden_wait);
  Note([&](ReflectorState& state) {
    ++state.failures;
    state.last_error = Describe(error);
    // What may go well a moment later is no answer.
    if (error.forbidden()) state.answered = true;
  });
  if (handler.failed) handler.failed(error, wait);
  return wait;
}

// Afterwards the handler knows all there is, as of `version`; or `version` is empty, and the value
// says when to try again.
milliseconds Reflector::State::List() {
  version.clear();
  handler.list_begins();
  ListOptions list;
  list.page_limit = options.page_limit;
  list.largest_object = options.largest_object;
  list.metadata_only = options.metadata_only;
  auto listed = ListAll(client, path, handler.put, list, stop.get_token());
  const bool absent = !listed && listed.error().not_found();
  if (stop.stop_requested()) return milliseconds(0);
  if (!listed && !absent) return Failed(listed.error());
  handler.list_ends();
  const int64_t now = std::time(nullptr);
  Note([&](ReflectorState& state) {
    state.listed = state.answered = true;
    state.absent = absent;
    state.heard = now;
    ++state.lists;
    state.last_error.clear();
  });
  if (absent) return options.absent_wait;
  version = *std::move(listed);
  return milliseconds(0);
}

void Reflector::State::OnErrorEvent(JsonView status, Watched& watched) {
  watched.error.status = static_cast<int>(status["code"].integer().value_or(0));
  watched.error.reason = status["reason"].string().value_or("");
  watched.error.message = status["message"].string().value_or("the watch ended with an error");
  watched.end = watched.error.gone() ? WatchEnd::kGone : WatchEnd::kBroken;
}

// One event; false ends the watch.
bool Reflector::State::OnLine(std::string_view line, Watched& watched) {
  const auto event = parser.Parse(line);
  const std::string_view type = event ? (*event)["type"].string().value_or("") : "";
  const JsonView object = event ? (*event)["object"] : JsonView();
  if (type == "ERROR") {
    OnErrorEvent(object, watched);
    return false;
  }
  const auto seen = object.At("/metadata/resourceVersion").string();
  const bool removed = type == "DELETED";
  const bool bookmark = type == "BOOKMARK";
  if (!seen || seen->empty() || !(removed || bookmark || type == "ADDED" || type == "MODIFIED")) {
    watched.end = WatchEnd::kBroken;
    watched.error = {0, std::string(kMalformed), "the watch of " + path + " sent what is no event"};
    return false;
  }
  if (removed) {
    handler.removed(object);
  } else if (!bookmark) {
    handler.put(object);
  }
  version = *seen;
  Heard();
  return !stop.stop_requested();
}

Watched Reflector::State::Watch() {
  Watched watched;
  LineSplitter lines(options.largest_object,
                     [&](std::string_view line) { return OnLine(line, watched); });
  ApiClient::Streaming streaming;
  streaming.read_timeout = options.quiet;
  if (options.metadata_only) streaming.accept = kMetadataOnly;
  streaming.receive = [&](std::string_view piece) { return lines.Feed(piece); };
  std::uniform_int_distribution<int64_t> seconds(options.watch_for.count(),
                                                 options.watch_for.count() * 2);
  const char joint = path.find('?') == std::string::npos ? '?' : '&';
  const std::string target =
      path + joint + "watch=1&allowWatchBookmarks=true&resourceVersion=" + QueryValue(version) +
      "&timeoutSeconds=" + std::to_string(seconds(random));
  Note([](ReflectorState& state) { ++state.watches; });
  const auto error = client.Stream(target, streaming, stop.get_token());
  if (stop.stop_requested()) return {WatchEnd::kStopped, {}};
  if (lines.too_long()) {
    return {WatchEnd::kBroken,
            {0, std::string(kTooLarge),
             "the watch of " + path + " sent a line of more than " +
                 std::to_string(options.largest_object) + " bytes"}};
  }
  if (!error) return watched;
  if (error->gone() || IsAhead(*error)) return {WatchEnd::kGone, *error};
  // A server that is busy would be busier with a list of everything. Whatever else it answers
  // (forbidden, no such kind), listing will tell.
  const bool watch_on = error->status == 0 || error->passing();
  return {watch_on ? WatchEnd::kFailed : WatchEnd::kBroken, *error};
}

// How long to wait before going on after a watch. Where the object's version can't be watched from
// any longer, `version` is empty then.
milliseconds Reflector::State::After(const Watched& watched, Clock::duration lasted) {
  if (watched.end == WatchEnd::kGone || watched.end == WatchEnd::kBroken) version.clear();
  // A watch that lived for a while was a good one. One that ends at once, again and again, is not,
  // however politely it ends.
  constexpr std::chrono::seconds kAWhile{5};
  const bool good = lasted >= kAWhile;
  if (good) back_off.Reset();
  if (watched.end == WatchEnd::kEnded) {
    Heard();
    return good ? milliseconds(0) : back_off.Next();
  }
  return Failed(watched.error);
}

void Reflector::State::Run() {
  while (!stop.stop_requested()) {
    milliseconds wait{0};
    if (version.empty()) {
      wait = List();
    } else {
      const auto begun = Clock::now();
      const Watched watched = Watch();
      if (watched.end == WatchEnd::kStopped) return;
      wait = After(watched, Clock::now() - begun);
    }
    if (wait.count() > 0 && !Wait(wait)) return;
  }
}

Reflector::Reflector(ApiClient& client, std::string path, ReflectorHandler handler,
                     ReflectorOptions options)
    : state_(std::make_unique<State>(client, std::move(path), std::move(handler), options)) {}

Reflector::~Reflector() {
  RequestStop();
  if (state_->thread.joinable()) state_->thread.join();
}

void Reflector::Start() {
  state_->thread = std::thread([this] { state_->Run(); });
}

void Reflector::RequestStop() { state_->stop.request_stop(); }

ReflectorState Reflector::state() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->known;
}

const std::string& Reflector::path() const { return state_->path; }

}  // namespace ballast::k8s
