#include "k8s/live/live_view.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <thread>
#include <utility>

#include "k8s/api/list.h"
#include "k8s/live/class_history.h"
#include "k8s/live/daemon_sets.h"
#include "k8s/live/namespace_table.h"
#include "k8s/live/node_reader.h"
#include "k8s/live/node_table.h"

namespace ballast::k8s {
namespace {

using Clock = std::chrono::steady_clock;

enum Kind : size_t { kNodes, kDaemonSets, kNamespaces, kQuotas, kLimitRanges, kKinds };

constexpr std::array<std::string_view, kKinds> kPaths = {
    "/api/v1/nodes", "/apis/apps/v1/daemonsets", "/api/v1/namespaces", "/api/v1/resourcequotas",
    "/api/v1/limitranges"};

std::string_view PluralOf(Kind kind) { return kPaths[kind].substr(kPaths[kind].rfind('/') + 1); }

NamespaceObject ObjectOf(Kind kind) {
  if (kind == kQuotas) return NamespaceObject::kQuota;
  return kind == kLimitRanges ? NamespaceObject::kLimitRange : NamespaceObject::kNamespace;
}

// Something that is handed on: whether there is news, and since when none was handed on.
struct Outlet {
  bool news = false;
  bool open = false;  // all of its first values are there
  bool used = false;  // the first was handed on, and taken
  std::optional<Clock::time_point> last;

  bool Due(Clock::time_point now, std::chrono::milliseconds gap) const {
    return open && news && (!last || now - *last >= gap);
  }
};

}  // namespace

struct LiveView::State {
  State(LiveViewSinks the_sinks, LiveViewOptions the_options)
      : sinks(std::move(the_sinks)), options(the_options) {}

  ReflectorHandler HandlerOf(Kind kind);
  void ListBegins(Kind kind);
  void ListEnds(Kind kind);
  void Put(Kind kind, JsonView object);
  void Removed(Kind kind, JsonView object);
  void Failed(Kind kind, const ApiError& error, std::chrono::milliseconds retry_in);
  void Complain(Kind kind, const policy::Error& error);
  // With `mutex` held.
  void News(Kind kind);
  void Settled(Kind kind, bool listed);
  void Run();
  void HandOn(std::unique_lock<std::mutex>& lock);
  void TellAge(std::unique_lock<std::mutex>& lock);
  int64_t Heard() const;

  const LiveViewSinks sinks;
  const LiveViewOptions options;
  std::array<std::unique_ptr<Reflector>, kKinds> reflectors;

  mutable std::mutex mutex;  // over everything below
  std::condition_variable wake;
  bool stop = false;
  NodeTable nodes;
  DaemonSets daemon_sets;
  NamespaceTable namespaces;
  ClassHistory history;
  std::array<bool, kKinds> listed{};
  std::array<bool, kKinds> settled{};  // listed, or the server refuses it
  std::array<bool, kKinds> complained{};
  Outlet capacity_outlet;
  Outlet namespaces_outlet;
  bool told_stale = false;
  uint64_t capacities = 0;

  std::thread thread;
};

void LiveView::State::News(Kind kind) {
  Outlet& outlet = kind == kNodes || kind == kDaemonSets ? capacity_outlet : namespaces_outlet;
  if (std::exchange(outlet.news, true)) return;
  if (outlet.open) wake.notify_one();
}

// The first values are handed on once all that goes into them is there, or is refused.
void LiveView::State::Settled(Kind kind, bool now_listed) {
  listed[kind] = listed[kind] || now_listed;
  settled[kind] = true;
  const bool capacity = listed[kNodes] && settled[kDaemonSets];
  const bool spaces = listed[kNamespaces] && settled[kQuotas] && settled[kLimitRanges];
  capacity_outlet.news = capacity_outlet.news || (capacity && !capacity_outlet.open);
  namespaces_outlet.news = namespaces_outlet.news || (spaces && !namespaces_outlet.open);
  capacity_outlet.open = capacity;
  namespaces_outlet.open = spaces;
  wake.notify_one();
}

void LiveView::State::ListBegins(Kind kind) {
  const std::scoped_lock lock(mutex);
  complained[kind] = false;
  if (kind == kNodes) {
    nodes.ListBegins();
  } else if (kind == kDaemonSets) {
    daemon_sets.ListBegins();
  } else {
    namespaces.ListBegins(ObjectOf(kind));
  }
}

void LiveView::State::ListEnds(Kind kind) {
  const std::scoped_lock lock(mutex);
  if (kind == kNodes) {
    if (nodes.ListEnds()) News(kind);
  } else if (kind == kDaemonSets) {
    if (daemon_sets.ListEnds()) News(kind);
  } else {
    namespaces.ListEnds(ObjectOf(kind));
    if (namespaces.changed()) News(kind);
  }
  Settled(kind, true);
}

// One bad object of a kind is told; that there are more of them says nothing new.
void LiveView::State::Complain(Kind kind, const policy::Error& error) {
  {
    const std::scoped_lock lock(mutex);
    if (std::exchange(complained[kind], true)) return;
  }
  sinks.failed(PluralOf(kind), error.where + " is left out: " + error.what, {});
}

void LiveView::State::Put(Kind kind, JsonView object) {
  if (kind == kNodes) {
    auto node = ReadNode(object);
    if (!node) {
      // One that is just being made has no status yet.
      if (object.At("/status/allocatable").exists()) Complain(kind, node.error());
      return;
    }
    const std::scoped_lock lock(mutex);
    if (nodes.Put(*std::move(node))) News(kind);
    return;
  }
  std::optional<policy::Error> bad;
  {
    const std::scoped_lock lock(mutex);
    if (kind == kDaemonSets) {
      if (daemon_sets.Put(object)) News(kind);
    } else {
      bad = namespaces.Put(ObjectOf(kind), object);
      if (namespaces.changed()) News(kind);
    }
  }
  if (bad) Complain(kind, *bad);
}

void LiveView::State::Removed(Kind kind, JsonView object) {
  const std::scoped_lock lock(mutex);
  if (kind == kNodes) {
    if (nodes.Remove(object.At("/metadata/name").string().value_or(""))) News(kind);
  } else if (kind == kDaemonSets) {
    if (daemon_sets.Removed(object)) News(kind);
  } else {
    namespaces.Removed(ObjectOf(kind), object);
    if (namespaces.changed()) News(kind);
  }
}

void LiveView::State::Failed(Kind kind, const ApiError& error, std::chrono::milliseconds retry_in) {
  {
    const std::scoped_lock lock(mutex);
    if (error.forbidden()) Settled(kind, false);
  }
  sinks.failed(PluralOf(kind), Describe(error), retry_in);
}

ReflectorHandler LiveView::State::HandlerOf(Kind kind) {
  ReflectorHandler handler;
  handler.list_begins = [this, kind] { ListBegins(kind); };
  handler.put = [this, kind](JsonView object) { Put(kind, object); };
  handler.removed = [this, kind](JsonView object) { Removed(kind, object); };
  handler.list_ends = [this, kind] { ListEnds(kind); };
  handler.failed = [this, kind](const ApiError& error, std::chrono::milliseconds retry_in) {
    Failed(kind, error, retry_in);
  };
  return handler;
}

int64_t LiveView::State::Heard() const {
  WatchesState watches;
  for (const auto& reflector : reflectors) watches.Add(reflector->state());
  return watches.heard;
}

void LiveView::State::TellAge(std::unique_lock<std::mutex>& lock) {
  if (!listed[kNodes]) return;
  const int64_t heard = Heard();
  if (heard == 0) return;
  const bool stale = std::time(nullptr) - heard > options.stale_after.count();
  if (stale == told_stale) return;
  told_stale = stale;
  lock.unlock();
  sinks.stale(stale ? std::optional<int64_t>(heard) : std::nullopt);
  lock.lock();
}

// Makes the values with the lock held, which is what a heartbeat waits for, never a request.
void LiveView::State::HandOn(std::unique_lock<std::mutex>& lock) {
  const auto now = Clock::now();
  if (capacity_outlet.Due(now, options.capacity_gap)) {
    capacity_outlet.news = false;
    capacity_outlet.last = now;
    ++capacities;
    policy::ClusterCapacity capacity = history.Count(nodes.Capacity(), std::time(nullptr));
    daemon_sets.TakeFrom(capacity);
    lock.unlock();
    sinks.capacity(std::move(capacity));
    lock.lock();
    capacity_outlet.used = true;
  }
  if (namespaces_outlet.Due(now, options.namespaces_gap)) {
    namespaces_outlet.news = false;
    namespaces_outlet.last = now;
    auto states = namespaces.States();
    lock.unlock();
    sinks.namespaces(std::move(states));
    lock.lock();
    namespaces_outlet.used = true;
  }
}

void LiveView::State::Run() {
  // What was there 24 hours ago goes without a word from the server.
  constexpr std::chrono::minutes kRecount{10};
  std::unique_lock lock(mutex);
  while (!stop) {
    const auto now = Clock::now();
    if (capacity_outlet.last && now - *capacity_outlet.last >= kRecount)
      capacity_outlet.news = true;
    HandOn(lock);
    TellAge(lock);
    auto until = Clock::now() + std::chrono::seconds(1);
    const auto consider = [&until](const Outlet& outlet, std::chrono::milliseconds gap) {
      if (outlet.open && outlet.news && outlet.last) until = std::min(until, *outlet.last + gap);
    };
    consider(capacity_outlet, options.capacity_gap);
    consider(namespaces_outlet, options.namespaces_gap);
    if (stop) return;
    wake.wait_until(lock, until);
  }
}

LiveView::LiveView(ApiClient& client, LiveViewSinks sinks, LiveViewOptions options)
    : state_(std::make_unique<State>(std::move(sinks), options)) {
  for (size_t i = 0; i < kKinds; ++i) {
    const auto kind = static_cast<Kind>(i);
    state_->reflectors[i] = std::make_unique<Reflector>(client, std::string(kPaths[i]),
                                                        state_->HandlerOf(kind), options.reflector);
  }
}

LiveView::~LiveView() {
  for (const auto& reflector : state_->reflectors) reflector->RequestStop();
  {
    const std::scoped_lock lock(state_->mutex);
    state_->stop = true;
  }
  state_->wake.notify_one();
  if (state_->thread.joinable()) state_->thread.join();
  for (auto& reflector : state_->reflectors) reflector.reset();
}

void LiveView::Start() {
  state_->thread = std::thread([this] { state_->Run(); });
  for (const auto& reflector : state_->reflectors) reflector->Start();
}

LiveViewState LiveView::state() const {
  LiveViewState state;
  state.heard = state_->Heard();
  for (const auto& reflector : state_->reflectors) {
    const ReflectorState known = reflector->state();
    state.failures += known.failures;
    if (!known.last_error.empty()) state.last_error = reflector->path() + ": " + known.last_error;
  }
  const std::scoped_lock lock(state_->mutex);
  state.nodes_listed = state_->capacity_outlet.used;
  state.namespaces_listed = state_->namespaces_outlet.used;
  state.nodes = state_->nodes.size();
  state.capacities = state_->capacities;
  return state;
}

ApiResult<policy::ClusterCapacity> LoadCapacity(ApiClient& client) {
  DaemonSets daemon_sets;
  const auto sets =
      ListAll(client, kPaths[kDaemonSets], [&](JsonView object) { daemon_sets.Put(object); });
  if (!sets && sets.error().status == 0) return sets.error();
  NodeTable nodes;
  const auto listed = ListAll(client, kPaths[kNodes], [&](JsonView object) {
    if (auto node = ReadNode(object)) nodes.Put(*std::move(node));
  });
  if (!listed) return listed.error();
  policy::ClusterCapacity capacity = nodes.Capacity();
  daemon_sets.TakeFrom(capacity);
  return capacity;
}

}  // namespace ballast::k8s
