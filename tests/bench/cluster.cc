// What a large live cluster costs: the real program following a fake API server with real bytes
// over TLS, 15,000 nodes and 150,000 pods, then a storm of heartbeats.
//
//   cluster_bench BALLAST [SECONDS]
//
// Prints how long the first list took, resident memory, and the waiting times of admission at 500
// requests a second without the storm and with it.
#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include "k8s/json_text.h"
#include "tests/bench/load.h"
#include "tests/fakes/api_server.h"
#include "tests/fakes/http_client.h"
#include "tests/fakes/program.h"

namespace ballast::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr int kNodes = 15'000;
constexpr int kPods = 150'000;
constexpr double kHeartbeats = 1500;  // a second
constexpr double kReviews = 500;      // a second

double Since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// A node as a cloud's kubelet reports it: some ten kilobytes, most of them images.
std::string NodeText(int number, const std::string& version, int64_t beat) {
  const std::string name = "ip-10-" + std::to_string(number / 65536) + "-" +
                           std::to_string(number / 256 % 256) + "-" + std::to_string(number % 256);
  const bool big = number % 3 == 0;
  std::string text = R"({"metadata":{"name":")" + name + R"(","resourceVersion":")" + version +
                     R"(","labels":{"kubernetes.io/hostname":")" + name +
                     R"(","node.example.dev/instance-id":"i-0a1b2c3d4e)" + std::to_string(number) +
                     R"(","node.kubernetes.io/instance-type":")" + (big ? "m5.8x" : "m5.4x") +
                     R"(","topology.kubernetes.io/zone":"eu-)" + std::to_string(number % 3) + '"';
  for (int i = 0; i < 16; ++i) {
    text += R"(,"example.dev/label-)" + std::to_string(i) + R"(":"a-value-of-some-length-)" +
            std::to_string(i) + '"';
  }
  text += R"(}},"spec":{"podCIDR":"10.0.0.0/24"},"status":{"allocatable":{"cpu":")";
  text += big ? R"(31850m","memory":"126Gi)" : R"(15890m","memory":"60Gi)";
  text += R"(","pods":"110"},"conditions":[{"type":"Ready","status":"True","lastHeartbeatTime":")" +
          std::to_string(beat) + R"("}],"images":[)";
  for (int i = 0; i < 40; ++i) {
    const std::string digest(64, static_cast<char>('a' + i % 26));
    text += std::string(i > 0 ? "," : "") + R"({"names":["registry.example/team/image-)" +
            std::to_string(i) + "@sha256:" + digest + R"(","registry.example/team/image-)" +
            std::to_string(i) + R"(:v1.2.3"],"sizeBytes":123456789})";
  }
  return text + "]}}";
}

void PutNode(fakes::ApiServer& server, int number, int64_t beat) {
  server.store().PutText(
      fakes::kNodes, {"", "node-" + std::to_string(number)},
      [&](const std::string& version) { return NodeText(number, version, beat); });
}

void Fill(fakes::ApiServer& server) {
  for (int i = 0; i < kNodes; ++i) PutNode(server, i, 0);
  const fakes::ResourceKey pods{"/api/v1", "pods"};
  for (int i = 0; i < kPods; ++i) {
    const std::string name = "pod-" + std::to_string(i);
    server.store().PutText(pods, {"default", name}, [&](const std::string& version) {
      return R"({"metadata":{"name":")" + name + R"(","resourceVersion":")" + version + R"("}})";
    });
  }
  for (int i = 0; i < 12; ++i) {
    const std::string name = "daemon-" + std::to_string(i);
    server.store().Put(fakes::kDaemonSets, {"kube-system", name},
                       k8s::ParseJson(R"({"spec":{"template":{"spec":{"containers":[{"name":
                         "c","resources":{"requests":{"cpu":"50m","memory":"128Mi"}}}]}}}})"));
  }
  for (int i = 0; i < 2000; ++i) {
    server.store().Put(fakes::kNamespaces, {"", "team-" + std::to_string(i)},
                       {{"metadata", {{"labels", {{"team", std::to_string(i)}}}}}});
  }
}

fs::path WriteKubeconfig(const fs::path& folder, const fakes::ApiServer& server) {
  std::ofstream(folder / "ca.crt") << server.authority().certificate_pem;
  std::ofstream(folder / "kubeconfig")
      << "current-context: bench\ncontexts: [{name: bench, context: {cluster: bench, user: "
         "bench}}]\n"
      << "clusters: [{name: bench, cluster: {server: \"" << server.url()
      << "\", certificate-authority: ca.crt}}]\nusers: [{name: bench, user: {token: t}}]\n";
  return folder / "kubeconfig";
}

void Pin(pid_t pid, int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  for (const auto& task : fs::directory_iterator("/proc/" + std::to_string(pid) + "/task")) {
    sched_setaffinity(std::atoi(task.path().filename().c_str()), sizeof(set), &set);
  }
}

double Mebibytes(int64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

Measured Admission(int port, std::chrono::milliseconds time) {
  std::ifstream file(fs::path(BALLAST_SOURCE_DIR) / "tests/testdata/bench/app-14k.json");
  Load load;
  load.port = port;
  load.request =
      fakes::Post("/mutate?timeout=10s", std::string(std::istreambuf_iterator<char>(file), {}));
  load.time = time;
  load.per_second = kReviews;
  return Run(load);
}

void Print(const char* name, const Measured& measured) {
  std::printf("%-22s p50 %6.0f us, p99 %6.0f us, p99.9 %6.0f us, %zu answered, %zu failed\n", name,
              measured.Percentile(0.5), measured.Percentile(0.99), measured.Percentile(0.999),
              measured.answered, measured.failed);
}

// Updates of nodes at an even rate, as long as it lives.
class Storm {
 public:
  explicit Storm(fakes::ApiServer& server)
      : thread_([this, &server](const std::stop_token& stop) {
          const auto start = Clock::now();
          for (int64_t beat = 1; !stop.stop_requested(); ++beat) {
            PutNode(server, static_cast<int>(beat * 7919 % kNodes), beat);
            beats_ = beat;
            std::this_thread::sleep_until(
                start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                            static_cast<double>(beat) / kHeartbeats)));
          }
        }) {}
  int64_t beats() const { return beats_; }

 private:
  std::atomic<int64_t> beats_{0};
  std::jthread thread_;
};

int Main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: cluster_bench BALLAST [SECONDS]\n");
    return 2;
  }
  const auto time = std::chrono::milliseconds(argc > 2 ? std::atoi(argv[2]) * 1000 : 10'000);
  std::string pattern = (fs::temp_directory_path() / "ballast-bench-XXXXXX").string();
  const fs::path folder = mkdtemp(pattern.data());
  if (sysconf(_SC_NPROCESSORS_ONLN) > 1) Pin(getpid(), 1);
  fakes::ApiServer server;
  Fill(server);
  std::printf("%d nodes of %zu bytes, %d pods\n", kNodes, NodeText(1, "1", 1).size(), kPods);
  const auto start = Clock::now();
  fakes::Program program({argv[1], "serve", "--listen", "127.0.0.1:0", "--state-dir",
                          folder / "state", "--kubeconfig", WriteKubeconfig(folder, server),
                          "--log-level", "info"});
  const int port = program.Port("\"listening\"");
  if (program.Line("\"what\":\"cluster\"", std::chrono::seconds(120)).empty()) return 1;
  const double listed = Since(start);
  std::printf("first list             %.1f s (to reach: 30), %.0f MiB resident, %.0f MiB at most\n",
              listed, Mebibytes(program.ResidentBytes()), Mebibytes(program.PeakResidentBytes()));
  Pin(program.pid(), 0);
  Admission(port, std::chrono::milliseconds(1000));  // warm
  const Measured calm = Admission(port, time);
  Print("admission, calm", calm);
  Measured stormy;
  int64_t beats = 0;
  const auto begun = Clock::now();
  {
    const Storm storm(server);
    stormy = Admission(port, time);
    beats = storm.beats();
  }
  Print("admission, in the storm", stormy);
  const double peak = Mebibytes(program.PeakResidentBytes());
  std::printf("heartbeats             %.0f a second\n", static_cast<double>(beats) / Since(begun));
  std::printf("resident memory        %.0f MiB, %.0f MiB at most (to reach: 256)\n",
              Mebibytes(program.ResidentBytes()), peak);
  std::printf("pods asked for         %d times\n", server.Count("/pods"));
  fs::remove_all(folder);
  return listed < 30 && peak < 256 && stormy.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace ballast::bench

int main(int argc, char** argv) { return ballast::bench::Main(argc, argv); }
