// The reflector against a fake API server that behaves, and that does not.
#include "k8s/api/reflector.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "k8s/api/back_off.h"
#include "tests/fakes/api_server.h"

namespace ballast::k8s {
namespace {

using fakes::ApiServer;
using fakes::Fault;
using nlohmann::json;
using std::chrono::milliseconds;

ReflectorOptions Impatient() {
  ReflectorOptions options;
  options.page_limit = 3;
  options.first_wait = milliseconds(5);
  options.longest_wait = milliseconds(50);
  options.absent_wait = milliseconds(20);
  options.largest_object = 10'000;
  return options;
}

// What a reflector says there is: name -> spec.
class Followed {
 public:
  explicit Followed(const ApiServer& server, ReflectorOptions options = Impatient(),
                    const std::string& path = "/api/v1/nodes")
      : client_(Config(server)), reflector_(client_, path, Handler(), options) {
    reflector_.Start();
  }

  // Waits until it says so.
  bool Becomes(const std::map<std::string, std::string>& want) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return now_ == want; });
  }
  bool Fails(const std::string& part) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10),
                             [&] { return last_error_.find(part) != std::string::npos; });
  }
  std::string last_error() {
    const std::scoped_lock lock(mutex_);
    return last_error_;
  }
  milliseconds last_wait() {
    const std::scoped_lock lock(mutex_);
    return last_wait_;
  }
  Reflector& reflector() { return reflector_; }

 private:
  static ApiConfig Config(const ApiServer& server) {
    ApiConfig config;
    config.origin = "the test";
    config.server = server.url();
    config.authority.text = server.authority().certificate_pem;
    return config;
  }
  static std::string NameOf(JsonView object) {
    return std::string(object.At("/metadata/name").string().value_or(""));
  }
  ReflectorHandler Handler() {
    ReflectorHandler handler;
    handler.list_begins = [this] { listed_.clear(); };
    handler.put = [this](JsonView object) {
      const std::string name = NameOf(object);
      listed_.insert(name);
      Change([&] { now_[name] = std::string(object["spec"].string().value_or("")); });
    };
    handler.removed = [this](JsonView object) { Change([&] { now_.erase(NameOf(object)); }); };
    handler.list_ends = [this] {
      Change([&] {
        std::erase_if(now_, [&](const auto& entry) { return !listed_.contains(entry.first); });
      });
    };
    handler.failed = [this](const ApiError& error, milliseconds retry_in) {
      Change([&] {
        last_error_ = Describe(error);
        last_wait_ = retry_in;
      });
    };
    return handler;
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
  std::map<std::string, std::string> now_;
  std::string last_error_;
  milliseconds last_wait_{0};
  std::set<std::string> listed_;  // of the reflector's thread
  ApiClient client_;
  Reflector reflector_;
};

void Put(ApiServer& server, const std::string& name, const std::string& spec) {
  server.store().Put(fakes::kNodes, {"", name}, {{"spec", spec}});
}

TEST(ReflectorTest, ListsInPagesAndWatchesOn) {
  ApiServer server;
  std::map<std::string, std::string> want;
  for (int i = 0; i < 10; ++i) {
    const std::string name = "n" + std::to_string(i);
    Put(server, name, "a");
    want[name] = "a";
  }
  Followed followed(server);
  EXPECT_TRUE(followed.Becomes(want));
  EXPECT_EQ(server.Count("limit=3"), 4);
  Put(server, "n3", "b");
  Put(server, "n99", "c");
  server.store().Remove(fakes::kNodes, {"", "n0"});
  want["n3"] = "b";
  want["n99"] = "c";
  want.erase("n0");
  EXPECT_TRUE(followed.Becomes(want));
  EXPECT_EQ(server.Count("watch=1"), 1);
  const ReflectorState state = followed.reflector().state();
  EXPECT_TRUE(state.listed);
  EXPECT_GT(state.heard, 0);
  EXPECT_EQ(state.lists, 1u);
  EXPECT_EQ(state.failures, 0u);
}

TEST(ReflectorTest, AWatchThatEndsGoesOnFromTheLastBookmark) {
  ApiServer server;
  Put(server, "a", "1");
  Followed followed(server);
  ASSERT_TRUE(followed.Becomes({{"a", "1"}}));
  server.store().Bookmark(fakes::kNodes);
  const std::string version = std::to_string(server.store().version());
  ASSERT_TRUE(server.WaitFor("watch=1", 1));
  // The bookmark has come once what was said after it has.
  Put(server, "b", "2");
  ASSERT_TRUE(followed.Becomes({{"a", "1"}, {"b", "2"}}));
  server.DropConnections();
  ASSERT_TRUE(server.WaitFor("watch=1", 2));
  const auto watches = server.Requests("watch=1");
  EXPECT_GE(std::stoll(watches.back().query.at("resourceVersion")), std::stoll(version));
  EXPECT_EQ(server.Count("limit="), 1);
  Put(server, "a", "3");
  EXPECT_TRUE(followed.Becomes({{"a", "3"}, {"b", "2"}}));
}

class ReflectorGone : public testing::TestWithParam<bool> {};

TEST_P(ReflectorGone, ListsAnewAndLearnsWhatItMissed) {
  fakes::ApiServerOptions options;
  options.gone_by_event = GetParam();
  ApiServer server(options);
  Put(server, "a", "1");
  Put(server, "b", "1");
  Followed followed(server);
  ASSERT_TRUE(followed.Becomes({{"a", "1"}, {"b", "1"}}));
  server.GoAway();
  server.store().Remove(fakes::kNodes, {"", "a"});
  Put(server, "b", "2");
  server.store().Compact();
  server.ComeBack();
  EXPECT_TRUE(followed.Becomes({{"b", "2"}}));
  EXPECT_GE(server.Count("limit="), 2);
}

INSTANTIATE_TEST_SUITE_P(Told, ReflectorGone, testing::Bool(), [](const auto& tested) {
  return tested.param ? "ByAnEvent" : "ByTheStatus";
});

struct Trouble {
  std::string name;
  std::string part;  // of the request that meets with it
  Fault fault;
  std::string error;  // a part of what is told
};
void PrintTo(const Trouble& trouble, std::ostream* out) { *out << trouble.name; }

const Trouble kTroubles[] = {
    {"TheListIsForbidden",
     "limit=",
     {Fault::Kind::kStatus, 403, "Forbidden"},
     "the API server answered 403 Forbidden: the fake was told to say so"},
    {"TheListBreaksOff", "limit=", {Fault::Kind::kDrop}, "broke"},
    {"TheSecondPageIsGone", "continue=", {Fault::Kind::kStatus, 410, "Expired"}, "410 Expired"},
    {"TheListIsGarbage",
     "limit=",
     {Fault::Kind::kBytes, 0, "", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nno json!!"},
     "the list of /api/v1/nodes ended in its middle"},
    {"TheListHoldsGarbage",
     "limit=",
     {Fault::Kind::kBytes, 0, "",
      "HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n{\"items\":[{\"a\":}],\"b\":\"cd\"}"},
     "the list of /api/v1/nodes holds what is no JSON object"},
    {"TheListHasNoVersion",
     "limit=",
     {Fault::Kind::kBytes, 0, "", "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"items\":[]}"},
     "the list of /api/v1/nodes has no resourceVersion"},
    {"TheListNeverEnds",
     "limit=",
     {Fault::Kind::kEndless, 0, "", std::string(5000, 'x')},
     "holds an object of more than 10000 bytes"},
    {"TheWatchIsRefused",
     "watch=1",
     {Fault::Kind::kStatus, 500, "InternalError"},
     "500 InternalError"},
    {"TheWatchBreaksOff", "watch=1", {Fault::Kind::kDrop}, "broke"},
    {"TheWatchIsGarbage",
     "watch=1",
     {Fault::Kind::kEndless, 0, "", "garbage\n"},
     "the watch of /api/v1/nodes sent what is no event"},
    {"AnEventOfAKindOfItsOwn",
     "watch=1",
     {Fault::Kind::kEndless, 0, "",
      "{\"type\":\"MOVED\",\"object\":{\"metadata\":{\"resourceVersion\":\"1\"}}}\n"},
     "the watch of /api/v1/nodes sent what is no event"},
    {"AnEventWithoutAnObject",
     "watch=1",
     {Fault::Kind::kEndless, 0, "", "{\"type\":\"ADDED\"}\n"},
     "the watch of /api/v1/nodes sent what is no event"},
    {"AnErrorEvent",
     "watch=1",
     {Fault::Kind::kEndless, 0, "",
      "{\"type\":\"ERROR\",\"object\":{\"code\":500,\"message\":\"etcd is ill\"}}\n"},
     "etcd is ill"},
    {"TheLineNeverEnds",
     "watch=1",
     {Fault::Kind::kEndless, 0, "", std::string(5000, 'x')},
     "the watch of /api/v1/nodes sent a line of more than 10000 bytes"},
};

class ReflectorTrouble : public testing::TestWithParam<Trouble> {};

TEST_P(ReflectorTrouble, IsToldAndOvercome) {
  ApiServer server;
  std::map<std::string, std::string> want;
  for (int i = 0; i < 5; ++i) {
    Put(server, "n" + std::to_string(i), "a");
    want["n" + std::to_string(i)] = "a";
  }
  server.Fail(GetParam().part, GetParam().fault, 2);
  Followed followed(server);
  EXPECT_TRUE(followed.Fails(GetParam().error)) << followed.last_error();
  EXPECT_TRUE(followed.Becomes(want));
  Put(server, "n0", "b");
  want["n0"] = "b";
  EXPECT_TRUE(followed.Becomes(want));
}

INSTANTIATE_TEST_SUITE_P(Troubles, ReflectorTrouble, testing::ValuesIn(kTroubles),
                         [](const auto& tested) { return tested.param.name; });

class ReflectorRefused : public testing::TestWithParam<int> {};

TEST_P(ReflectorRefused, WatchesOnFromWhereItWas) {
  ApiServer server;
  Put(server, "a", "1");
  server.Fail("watch=1", {Fault::Kind::kStatus, GetParam(), "Busy"}, 3);
  Followed followed(server);
  ASSERT_TRUE(server.WaitFor("watch=1", 4));
  Put(server, "a", "2");
  EXPECT_TRUE(followed.Becomes({{"a", "2"}}));
  EXPECT_EQ(server.Count("limit="), 1);
  EXPECT_EQ(followed.reflector().state().failures, 3U);
}

INSTANTIATE_TEST_SUITE_P(Statuses, ReflectorRefused, testing::Values(429, 500, 503, 504),
                         testing::PrintToStringParamName());

// An answer with this status line (and more of a head), and this body.
Fault Answer(const std::string& head, const std::string& body) {
  return {Fault::Kind::kBytes, 0, "",
          "HTTP/1.1 " + head + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
              body};
}

TEST(ReflectorTest, AVersionThatIsNotYetIsListedAnew) {
  ApiServer server;
  Put(server, "a", "1");
  server.Fail("watch=1",
              Answer("504 Gateway Timeout",
                     R"({"reason":"Timeout","message":"Too large resource version: 9"})"));
  Followed followed(server);
  ASSERT_TRUE(server.WaitFor("watch=1", 2));
  EXPECT_EQ(server.Count("limit="), 2);
}

TEST(ReflectorTest, WaitsForAsLongAsTheServerAsksFor) {
  struct Row {
    const char* header;
    int seconds;
  };
  for (const Row& row : {Row{"7", 7}, Row{"60", 60}, Row{"86400", 60}, Row{"-1", 0}, Row{"7s", 0},
                         Row{"Fri, 31 Dec 1999 23:59:59 GMT", 0}}) {
    ApiServer server;
    server.Fail("limit=",
                Answer(std::string("429 Too Many Requests\r\nRetry-After: ") + row.header, "{}"));
    Followed followed(server);
    ASSERT_TRUE(followed.Fails("429"));
    EXPECT_EQ(followed.last_wait() / std::chrono::seconds(1), row.seconds) << row.header;
  }
}

TEST(ReflectorTest, WhatIsForbiddenIsAskedForAsRarelyAsTold) {
  ApiServer server;
  server.Fail("limit=", {Fault::Kind::kStatus, 403, "Forbidden"});
  ReflectorOptions options = Impatient();
  options.forbidden_wait = milliseconds(60'000);
  Followed followed(server, options);
  ASSERT_TRUE(followed.Fails("403"));
  EXPECT_EQ(followed.last_wait(), milliseconds(60'000));
}

TEST(ReflectorTest, AServerThatIsAwayChangesNothing) {
  ApiServer server;
  Put(server, "a", "1");
  Followed followed(server);
  ASSERT_TRUE(followed.Becomes({{"a", "1"}}));
  server.GoAway();
  EXPECT_TRUE(followed.Fails("nothing answers at 127.0.0.1"));
  EXPECT_TRUE(followed.Becomes({{"a", "1"}}));
  EXPECT_FALSE(followed.reflector().state().last_error.empty());
  server.ComeBack();
  Put(server, "a", "2");
  EXPECT_TRUE(followed.Becomes({{"a", "2"}}));
}

TEST(ReflectorTest, AQuietWatchIsDeadAfterAWhile) {
  ApiServer server;
  Put(server, "a", "1");
  server.Fail("watch=1", {Fault::Kind::kHang}, 1);
  ReflectorOptions options = Impatient();
  options.quiet = milliseconds(50);
  Followed followed(server, options);
  EXPECT_TRUE(server.WaitFor("watch=1", 2));
  EXPECT_EQ(server.Count("limit="), 1);  // what is known is still good
}

TEST(ReflectorTest, AKindThatIsNotInstalledIsEmptyUntilItComes) {
  ApiServer server;
  Followed followed(server, Impatient(), "/apis/example.dev/v1/things");
  ASSERT_TRUE(server.WaitFor("things", 2));
  EXPECT_TRUE(followed.reflector().state().absent);
  EXPECT_TRUE(followed.reflector().state().listed);
  EXPECT_EQ(followed.last_error(), "");
  const fakes::ResourceKey things{"/apis/example.dev/v1", "things"};
  server.store().Know(things);
  server.store().Put(things, {"", "x"}, {{"spec", "1"}});
  EXPECT_TRUE(followed.Becomes({{"x", "1"}}));
  ASSERT_TRUE(server.WaitFor("watch=1", 1));
  EXPECT_FALSE(followed.reflector().state().absent);
}

TEST(ReflectorTest, EndsAtOnceWhateverItIsDoing) {
  const auto ends = [](ApiServer& server, const std::string& part) {
    auto followed = std::make_unique<Followed>(server);
    ASSERT_TRUE(server.WaitFor(part, 1));
    const auto begun = std::chrono::steady_clock::now();
    followed.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5)) << part;
  };
  ApiServer watching;
  ends(watching, "watch=1");
  ApiServer hanging;
  hanging.Fail("limit=", {Fault::Kind::kHang}, 100);
  ends(hanging, "limit=");
  ApiServer failing;
  failing.Fail("limit=", {Fault::Kind::kStatus, 500}, 100);
  ends(failing, "limit=");
  ApiServer pouring;
  pouring.Fail("watch=1",
               {Fault::Kind::kEndless, 0, "",
                "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"resourceVersion\":\"1\"}}}\n"},
               100);
  ends(pouring, "watch=1");
}

TEST(BackOffTest, GrowsToItsBoundAndIsNeverTheSame) {
  BackOff back_off(milliseconds(100), milliseconds(1000), 1);
  BackOff other(milliseconds(100), milliseconds(1000), 2);
  int64_t step = 100;
  bool differs = false;
  for (int i = 0; i < 10; ++i) {
    const auto wait = back_off.Next();
    EXPECT_GE(wait.count(), step / 2);
    EXPECT_LE(wait.count(), step);
    differs = differs || wait != other.Next();
    step = std::min<int64_t>(step * 2, 1000);
  }
  EXPECT_TRUE(differs);
  back_off.Reset();
  EXPECT_LE(back_off.Next().count(), 100);
}

}  // namespace
}  // namespace ballast::k8s
