// Follows one kind of resource: lists it page by page, then watches it, for as long as it lives.
// What the server or the network does wrong is met with waiting (longer each time, never the same
// time) and a new beginning; what the handler was told stays true meanwhile.
//
// Memory: the largest single object, twice; neither a page nor a watch is ever held as a whole.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "k8s/api/client.h"
#include "k8s/json_view.h"

namespace ballast::k8s {

// Called on the reflector's thread, one at a time. A view lives as long as the call.
struct ReflectorHandler {
  // A list begins: every object that exists is `put` again before list_ends; what was not put by
  // then is gone. A list that fails midway begins anew, without list_ends.
  std::function<void()> list_begins;
  std::function<void(JsonView object)> put;  // listed, added or modified
  std::function<void(JsonView object)> removed;
  std::function<void()> list_ends;
  // For the log; each may be empty. `retry_in` is how long it waits before it tries again.
  std::function<void(const ApiError& error, std::chrono::milliseconds retry_in)> failed;
};

struct ReflectorOptions {
  int page_limit = 500;                           // objects a page
  size_t largest_object = size_t{8} << 20;        // bytes; etcd holds at most 1.5 MiB
  std::chrono::milliseconds first_wait{500};      // after a failure; doubled with each
  std::chrono::milliseconds longest_wait{30000};  //
  std::chrono::milliseconds quiet{150000};        // without a byte on a watch: it is dead (the
                                                  // server sends a bookmark each minute)
  std::chrono::seconds watch_for{300};            // the server ends a watch after one to two
                                                  // times this
  std::chrono::milliseconds absent_wait{30000};   // 404: the kind is not installed; look again
  std::chrono::milliseconds forbidden_wait{0};    // 403: look again after this at least
  bool metadata_only = false;                     // of each object nothing but its metadata
};

// What is known of how it goes. Times are Unix seconds.
struct ReflectorState {
  bool listed = false;     // the handler knows everything there is (or that the kind is absent)
  bool answered = false;   // listed, or the server has refused it (403): no need to wait
  bool absent = false;     // the server does not know the kind
  int64_t heard = 0;       // when the server last said something of it; 0: never
  uint64_t lists = 0;      // that were complete
  uint64_t watches = 0;    // that began
  uint64_t failures = 0;   //
  std::string last_error;  // in words; empty while all goes well
};

// What is known of several that belong together.
struct WatchesState {
  bool answered = true;  // all are
  int64_t heard = 0;     // by the one that has waited longest, of those that listed; 0: none has
  uint64_t failures = 0;

  void Add(const ReflectorState& one);
};

class Reflector {
 public:
  // `path` is the collection's: "/api/v1/nodes". The client outlives the reflector.
  Reflector(ApiClient& client, std::string path, ReflectorHandler handler,
            ReflectorOptions options = {});
  // Stops, and waits for the thread, which takes no longer than what the handler is doing.
  ~Reflector();
  Reflector(const Reflector&) = delete;
  Reflector& operator=(const Reflector&) = delete;

  void Start();        // once
  void RequestStop();  // returns at once; several are stopped quickly by asking all before waiting
  ReflectorState state() const;  // any thread
  const std::string& path() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ballast::k8s
