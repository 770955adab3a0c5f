// The live view against a fake API server: what it hands on, and what nothing changes.
#include "k8s/live/live_view.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "tests/fakes/api_server.h"

namespace ballast::k8s {
namespace {

using fakes::ApiServer;
using fakes::Fault;
using nlohmann::json;
using std::chrono::milliseconds;

ApiConfig ConfigOf(const ApiServer& server) {
  ApiConfig config;
  config.origin = "the test";
  config.server = server.url();
  config.authority.text = server.authority().certificate_pem;
  return config;
}

LiveViewOptions Impatient() {
  LiveViewOptions options;
  options.reflector.first_wait = milliseconds(5);
  options.reflector.longest_wait = milliseconds(50);
  options.capacity_gap = milliseconds(10);
  options.namespaces_gap = milliseconds(10);
  return options;
}

// What a view handed on last.
struct Seen {
  std::optional<policy::ClusterCapacity> capacity;
  std::shared_ptr<const policy::NamespaceStates> namespaces;
  std::optional<int64_t> stale;
  std::vector<std::string> failures;
  int capacities = 0;
};

class Watching {
 public:
  explicit Watching(const ApiServer& server, LiveViewOptions options = Impatient())
      : client_(ConfigOf(server)), view_(client_, Sinks(), options) {
    view_.Start();
  }

  template <typename Condition>
  bool Until(Condition condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(15), [&] { return condition(seen_); });
  }
  Seen seen() {
    const std::scoped_lock lock(mutex_);
    return seen_;
  }
  LiveView& view() { return view_; }

 private:
  LiveViewSinks Sinks() {
    LiveViewSinks sinks;
    sinks.capacity = [this](policy::ClusterCapacity now) {
      Change([&] {
        seen_.capacity = std::move(now);
        ++seen_.capacities;
      });
    };
    sinks.namespaces = [this](std::shared_ptr<const policy::NamespaceStates> now) {
      Change([&] { seen_.namespaces = std::move(now); });
    };
    sinks.stale = [this](std::optional<int64_t> heard) { Change([&] { seen_.stale = heard; }); };
    sinks.failed = [this](std::string_view resource, const std::string& what, milliseconds) {
      Change([&] { seen_.failures.push_back(std::string(resource) + ": " + what); });
    };
    return sinks;
  }
  template <typename Do>
  void Change(Do&& change) {
    {
      const std::scoped_lock lock(mutex_);
      change();
    }
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  Seen seen_;  // under mutex_
  ApiClient client_;
  LiveView view_;
};

json Node(const std::string& memory = "64Gi", const std::string& ready = "True") {
  return {{"metadata", {{"labels", {{"pool", "a"}}}}},
          {"status",
           {{"allocatable", {{"cpu", "16"}, {"memory", memory}, {"pods", "110"}}},
            {"conditions", {{{"type", "Ready"}, {"status", ready}}}}}}};
}

json DaemonSet(const std::string& memory) {
  return {{"spec",
           {{"template",
             {{"spec",
               {{"containers",
                 {{{"name", "c"}, {"resources", {{"requests", {{"memory", memory}}}}}}}}}}}}}}};
}

void PutNode(ApiServer& server, const std::string& name, json node) {
  server.store().Put(fakes::kNodes, {"", name}, std::move(node));
}

// "2x1 of 63Gi": count, ready, room of each class.
std::string Text(const std::optional<policy::ClusterCapacity>& capacity) {
  if (!capacity) return "nothing yet";
  if (!capacity->known) return "not known";
  std::string text;
  for (const policy::NodeClass& node : capacity->classes) {
    text += (text.empty() ? "" : ", ") + std::to_string(node.count) + "/" +
            std::to_string(node.ready) + " of " +
            std::to_string(node.allocatable.memory.mebibytes()) + "Mi";
  }
  return text;
}

auto CapacityIs(const std::string& want) {
  return [want](const Seen& now) { return Text(now.capacity) == want; };
}

TEST(LiveViewTest, FollowsNodesAndDaemonSets) {
  ApiServer server;
  PutNode(server, "a", Node());
  PutNode(server, "b", Node());
  server.store().Put(fakes::kDaemonSets, {"kube-system", "d"}, DaemonSet("1Gi"));
  Watching watching(server);
  EXPECT_TRUE(watching.Until(CapacityIs("2/2 of 64512Mi"))) << Text(watching.seen().capacity);
  EXPECT_EQ(watching.seen().capacities, 1);  // all at once, never half of it
  PutNode(server, "b", Node("64Gi", "False"));
  EXPECT_TRUE(watching.Until(CapacityIs("2/1 of 64512Mi"))) << Text(watching.seen().capacity);
  server.store().Put(fakes::kDaemonSets, {"kube-system", "d"}, DaemonSet("2Gi"));
  EXPECT_TRUE(watching.Until(CapacityIs("2/1 of 63488Mi"))) << Text(watching.seen().capacity);
  server.store().Remove(fakes::kNodes, {"", "a"});
  // It was there in the last 24 hours.
  EXPECT_TRUE(watching.Until(CapacityIs("2/0 of 63488Mi"))) << Text(watching.seen().capacity);
  EXPECT_TRUE(watching.view().state().nodes_listed);
}

TEST(LiveViewTest, AClusterWithoutNodesIsListedButNotKnown) {
  ApiServer server;
  Watching watching(server);
  EXPECT_TRUE(watching.Until(CapacityIs("not known")));
  PutNode(server, "a", Node());
  EXPECT_TRUE(watching.Until(CapacityIs("1/1 of 65536Mi")));
  EXPECT_TRUE(watching.view().state().nodes_listed);
}

TEST(LiveViewTest, HeartbeatsAreNoNews) {
  ApiServer server;
  PutNode(server, "a", Node());
  Watching watching(server);
  ASSERT_TRUE(watching.Until(CapacityIs("1/1 of 65536Mi")));
  for (int i = 0; i < 500; ++i) {
    json node = Node();
    node["status"]["conditions"][0]["lastHeartbeatTime"] = std::to_string(i);
    PutNode(server, "a", std::move(node));
  }
  PutNode(server, "b", Node());
  ASSERT_TRUE(watching.Until(CapacityIs("2/2 of 65536Mi")));
  EXPECT_EQ(watching.seen().capacities, 2);
}

TEST(LiveViewTest, FollowsNamespacesQuotasAndLimitRanges) {
  ApiServer server;
  server.store().Put(fakes::kNamespaces, {"", "spark"}, {{"metadata", {{"labels", {{"t", "1"}}}}}});
  Watching watching(server);
  ASSERT_TRUE(watching.Until([](const Seen& now) { return now.namespaces != nullptr; }));
  EXPECT_EQ(watching.seen().namespaces->at("spark")->labels.at("t"), "1");
  server.store().Put(fakes::kResourceQuotas, {"spark", "q"},
                     {{"spec", {{"hard", {{"pods", "5"}}}}}});
  EXPECT_TRUE(watching.Until(
      [](const Seen& now) { return now.namespaces->at("spark")->quotas.size() == 1; }));
  server.store().Remove(fakes::kNamespaces, {"", "spark"});
  EXPECT_TRUE(watching.Until([](const Seen& now) { return now.namespaces->empty(); }));
}

TEST(LiveViewTest, WhatTheServerRefusesIsDoneWithout) {
  ApiServer server;
  PutNode(server, "a", Node());
  server.store().Put(fakes::kNamespaces, {"", "spark"}, json::object());
  for (const char* part : {"daemonsets", "resourcequotas", "limitranges"}) {
    server.Fail(part, {Fault::Kind::kStatus, 403, "Forbidden"}, 1'000'000);
  }
  Watching watching(server);
  EXPECT_TRUE(watching.Until(CapacityIs("1/1 of 65536Mi")));
  EXPECT_TRUE(watching.Until([](const Seen& now) { return now.namespaces != nullptr; }));
  EXPECT_TRUE(watching.Until([](const Seen& now) {
    return std::find(now.failures.begin(), now.failures.end(),
                     "daemonsets: the API server answered 403 Forbidden: the fake was told to say "
                     "so") != now.failures.end();
  }));
}

TEST(LiveViewTest, ANodeThatCannotBeReadIsLeftOutAndTold) {
  ApiServer server;
  PutNode(server, "a", Node());
  PutNode(server, "b", Node("lots"));
  PutNode(server, "fresh", {{"status", json::object()}});  // just being made
  Watching watching(server);
  EXPECT_TRUE(watching.Until(CapacityIs("1/1 of 65536Mi")));
  EXPECT_TRUE(watching.Until([](const Seen& now) { return !now.failures.empty(); }));
  EXPECT_EQ(watching.seen().failures.size(), 1u);
  EXPECT_EQ(watching.seen().failures[0].substr(0, 25), "nodes: node b is left out");
}

TEST(LiveViewTest, LosingTheServerChangesNothingButTheAge) {
  ApiServer server;
  PutNode(server, "a", Node());
  server.store().Put(fakes::kNamespaces, {"", "spark"}, json::object());
  LiveViewOptions options = Impatient();
  options.stale_after = std::chrono::seconds(1);
  // What reaches the view keeps it fresh, so that it is the server's going that makes it stale.
  Watching watching(server, options);
  ASSERT_TRUE(watching.Until(CapacityIs("1/1 of 65536Mi")));
  server.GoAway();
  EXPECT_TRUE(watching.Until(
      [](const Seen& now) { return now.stale.has_value() && !now.failures.empty(); }));
  EXPECT_EQ(Text(watching.seen().capacity), "1/1 of 65536Mi");
  EXPECT_FALSE(watching.view().state().last_error.empty());
  const int before = watching.seen().capacities;
  server.ComeBack();
  PutNode(server, "a", Node());
  // A server that says something on every watch, again and again.
  const std::jthread beats([&server](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      for (const fakes::ResourceKey& kind : {fakes::kNodes, fakes::kDaemonSets, fakes::kNamespaces,
                                             fakes::kResourceQuotas, fakes::kLimitRanges}) {
        server.store().Bookmark(kind);
      }
      std::this_thread::sleep_for(milliseconds(10));
    }
  });
  EXPECT_TRUE(watching.Until([](const Seen& now) { return !now.stale.has_value(); }));
  EXPECT_EQ(watching.seen().capacities, before);
}

TEST(LiveViewTest, AServerThatIsNotThereHoldsNothingUp) {
  ApiServer server;
  server.GoAway();
  const auto begun = std::chrono::steady_clock::now();
  {
    Watching watching(server);
    EXPECT_TRUE(watching.Until([](const Seen& now) { return !now.failures.empty(); }));
    EXPECT_FALSE(watching.view().state().nodes_listed);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
}

TEST(LoadCapacityTest, GivesWhatTheViewWouldHandOn) {
  ApiServer server;
  PutNode(server, "a", Node());
  PutNode(server, "b", Node("64Gi", "False"));
  server.store().Put(fakes::kDaemonSets, {"kube-system", "d"}, DaemonSet("1Gi"));
  ApiClient client(ConfigOf(server));
  const auto loaded = LoadCapacity(client);
  ASSERT_TRUE(loaded.ok()) << Describe(loaded.error());
  EXPECT_EQ(Text(*loaded), "2/1 of 64512Mi");
  server.Fail("daemonsets", {Fault::Kind::kStatus, 403, "Forbidden"}, 1);
  EXPECT_EQ(Text(*LoadCapacity(client)), "2/1 of 65536Mi");
  server.GoAway();
  EXPECT_FALSE(LoadCapacity(client).ok());
}

}  // namespace
}  // namespace ballast::k8s
