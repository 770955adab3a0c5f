#include "tests/service/running_service.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>

namespace ballast::service_test {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

std::string OrdinaryReview() {
  return R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{
"uid":"7f0b2891-916f-4ed6-b7cd-27bff1815a8c",
"kind":{"group":"sparkoperator.k8s.io","version":"v1beta2","kind":"SparkApplication"},
"resource":{"group":"sparkoperator.k8s.io","version":"v1beta2","resource":"sparkapplications"},
"name":"pi","namespace":"default","operation":"CREATE","userInfo":{"username":"admin"},
"object":{"apiVersion":"sparkoperator.k8s.io/v1beta2","kind":"SparkApplication",
"metadata":{"name":"pi","namespace":"default"},
"spec":{"type":"Scala","mode":"cluster","image":"spark:3.5.3","sparkVersion":"3.5.3",
"mainClass":"org.apache.spark.examples.SparkPi","mainApplicationFile":"local:///spark.jar",
"driver":{"cores":1,"memory":"2g"},"executor":{"instances":2,"cores":2,"memory":"4g"}}},
"oldObject":null,"dryRun":false,"options":{"kind":"CreateOptions","apiVersion":"meta.k8s.io/v1"}}})";
}

std::string ClusterText(int nodes) {
  std::string text;
  for (int i = 0; i < nodes; ++i) {
    text += "---\napiVersion: v1\nkind: Node\nmetadata:\n  name: node-" + std::to_string(i) +
            "\nstatus:\n  allocatable: {cpu: \"16\", memory: 64Gi, pods: \"110\"}\n"
            "  conditions: [{type: Ready, status: \"True\"}]\n";
  }
  return text;
}

std::string PolicyText(int max_executors) {
  return "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\n"
         "metadata: {name: test}\nspec:\n  mode: Enforce\n  limits:\n    application: {executors: "
         "{max: " +
         std::to_string(max_executors) + "}}\n  rules: {cluster-share: Enforce}\n";
}

RunningService::RunningService(std::vector<std::string> more_arguments, bool start) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  signal(SIGPIPE, SIG_IGN);
  std::string pattern = (fs::temp_directory_path() / "ballast-service-XXXXXX").string();
  folder = mkdtemp(pattern.data());
  Write("policy.yaml", PolicyText(500));
  Write("cluster.yaml", ClusterText(10));
  arguments = {
      BALLAST_BINARY,      "serve",     "--listen",           "127.0.0.1:0", "--policy",
      path("policy.yaml"), "--cluster", path("cluster.yaml"), "--state-dir", path("state")};
  arguments.insert(arguments.end(), more_arguments.begin(), more_arguments.end());
  if (start) Start();
}

void RunningService::Start() {
  program = std::make_unique<fakes::Program>(arguments);
  client.port = program->Port("\"listening\"");
  std::ifstream authority(path("state") / "ca.crt");
  client.authority_pem.assign(std::istreambuf_iterator<char>(authority), {});
  plain = client;
  plain.tls = false;
}

void RunningService::ServeFrom(const fs::path& cert_dir) {
  const auto state = std::find(arguments.begin(), arguments.end(), "--state-dir");
  arguments.erase(state, state + 2);
  arguments.insert(arguments.end(), {"--cert-dir", cert_dir});
}

RunningService::~RunningService() {
  program.reset();
  fs::remove_all(folder);
}

void RunningService::Write(const char* name, const std::string& text) const {
  const fs::path file = path(name);
  std::ofstream(file.string() + ".new") << text;
  fs::rename(file.string() + ".new", file);
}

OrdinaryClient::OrdinaryClient(const fakes::ClientOptions& options)
    : thread_([this, options] { Run(options); }) {}

void OrdinaryClient::StopAfter(size_t least) {
  least_ = least;
  if (thread_.joinable()) thread_.join();
}

void OrdinaryClient::Run(const fakes::ClientOptions& options) {
  const std::string request = fakes::Post("/mutate?timeout=5s", OrdinaryReview());
  auto client = std::make_unique<fakes::Client>(options);
  auto next = std::chrono::steady_clock::now();
  while (times_.size() < least_) {
    const auto start = std::chrono::steady_clock::now();
    const bool sent = client->connected() && client->Send(request);
    const auto answer = sent ? client->Receive() : std::nullopt;
    const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
    times_.push_back(time.count());
    if (!answer.has_value() || answer->status != 200 ||
        answer->body.find("\"allowed\":true") == std::string::npos) {
      ++failed_;
    }
    if (!answer.has_value() || answer->closes()) client = std::make_unique<fakes::Client>(options);
    // A steady pace, so that its own load is small.
    next += 5ms;
    std::this_thread::sleep_until(next);
  }
}

double OrdinaryClient::Percentile(double share) const {
  std::vector<double> sorted = times_;
  std::sort(sorted.begin(), sorted.end());
  if (sorted.empty()) return 0;
  const auto at = static_cast<size_t>(share * static_cast<double>(sorted.size() - 1));
  return sorted[at];
}

}  // namespace ballast::service_test
