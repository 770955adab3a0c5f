// `ballast demo`: the whole thing on one machine, without a cluster. Starts the webhook on
// loopback, sends it two real AdmissionReviews over TLS, and shows what it made of them and why.

#include <httplib.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>

#include "certs/store.h"
#include "k8s/json_text.h"
#include "k8s/nodes.h"
#include "k8s/patch.h"
#include "webhook/admission/admit.h"
#include "webhook/admission/review.h"
#include "webhook/commands/command_line.h"
#include "webhook/commands/inputs.h"
#include "webhook/demo/demo_files.h"
#include "webhook/server/service.h"
#include "webhook/text/decision_json.h"
#include "webhook/text/decision_text.h"
#include "webhook/text/picture.h"
#include "webhook/text/terminal.h"
#include "webhook/version.h"

namespace ballast::webhook {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string listen = "127.0.0.1:0";
  std::string picture;
};

// A folder of the demo's own, gone when it ends.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "ballast-demo-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

struct Job {
  const char* title;
  const char* file;
  std::string_view review;
};

const Job kJobs[] = {
    {"The tuning guides' own job: 200 executors of 28g + 4g overhead and 4 cores",
     "tuning-guide.json", kDemoTuningGuide},
    {"An oversized job: executors of 60g and 8 cores, Kryo at 2048m", "oversized.json",
     kDemoOversized},
};

// What the webhook answered over TLS; an error says why there is none.
policy::Result<nlohmann::json> Ask(const Service& service, const std::string& review) {
  httplib::SSLClient client("localhost", service.port());
  client.set_ca_cert_path(service.authority_file().string());
  client.enable_server_certificate_verification(true);
  client.set_address_family(AF_INET);
  const auto response = client.Post("/mutate?timeout=5s", review, "application/json");
  if (!response) {
    return policy::Error{"https://localhost:" + std::to_string(service.port()),
                         httplib::to_string(response.error())};
  }
  auto answer = k8s::ParseJson(response->body);
  if (response->status != 200 || !answer.is_object() || !answer.contains("response")) {
    return policy::Error{"/mutate",
                         "answered " + std::to_string(response->status) + ": " + response->body};
  }
  return answer["response"];
}

// The same review judged without the network: the texts in full, which a review's warnings cut.
policy::Result<nlohmann::json> Decide(const Snapshot& snapshot, std::string review,
                                      const nlohmann::json& response) {
  ReviewReader reader;
  const auto read = reader.Read(review);
  if (const auto* bad = std::get_if<BadReview>(&read)) return bad->error;
  const auto& request = std::get<AdmissionRequest>(read);
  const AdmissionAnswer answer = Admit(request, Endpoint::kMutate, snapshot, std::time(nullptr));
  const auto ours = k8s::ParseJson(EncodeReview(answer))["response"];
  if (ours.value("patch", "") != response.value("patch", "") ||
      ours["allowed"] != response["allowed"]) {
    return policy::Error{"demo", "the webhook and the command line gave different answers"};
  }
  return DecisionJson(answer.decision,
                      k8s::FindKind(request.api_version, request.kind, request.object),
                      request.object, answer.patch, answer.warnings);
}

// What the cluster would have looked like, from the workload as asked.
std::string WhatItWouldHaveDone(const nlohmann::json& before) {
  const nlohmann::json& placement = before["placement"];
  const int64_t asked = before["executors"].value("instances", int64_t{0});
  const int64_t per_node = placement.value("perNode", int64_t{0});
  const int64_t placed = std::min(asked, placement.value("placeable", int64_t{0}));
  if (per_node == 0) {
    return "No executor fits on any node: all " + Grouped(asked) +
           " would have stayed Pending for ever.";
  }
  return Grouped(per_node) + (per_node == 1 ? " executor" : " executors") +
         " a node: " + Grouped(placed) + " of " + Grouped(asked) + " run, " +
         Grouped(asked - placed) + " stay Pending; " +
         HumanCores(placement.value("strandedCpuMillis", int64_t{0})) +
         " cores stand idle beside them, their memory taken.";
}

std::string JobText(const Job& job, const nlohmann::json& decision, const Paint& paint) {
  std::string text = paint(Colour::kBold, job.title) + "  " +
                     paint(Colour::kYellow, decision.value("verdict", "")) + "\n\n" +
                     SizesTable(decision["before"], decision["after"], paint, "  ") + "\n  " +
                     paint(Colour::kRed, "without Ballast") + "  " +
                     Wrapped(WhatItWouldHaveDone(decision["before"]), std::string(19, ' ')) +
                     "\n\n";
  return text + FindingsText(decision, paint, "  ");
}

std::optional<Snapshot> DemoSnapshot(const fs::path& folder) {
  InputOptions options;
  options.policies = {(folder / "policy.yaml").string()};
  options.cluster = (folder / "cluster.yaml").string();
  auto inputs = LoadInputs(options, {});
  if (!inputs) return std::nullopt;
  return MakeSnapshot(*std::move(inputs));
}

bool WriteFiles(const fs::path& folder) {
  const std::pair<const char*, std::string_view> kFiles[] = {{"policy.yaml", kDemoPolicy},
                                                             {"cluster.yaml", kDemoCluster},
                                                             {kJobs[0].file, kJobs[0].review},
                                                             {kJobs[1].file, kJobs[1].review}};
  for (const auto& [name, text] : kFiles) {
    const auto written = certs::ReplaceFile(folder / name, text, false);
    if (!written) {
      Complain(written.error());
      return false;
    }
  }
  return true;
}

// Goes on serving where a person is looking, until Ctrl-C.
void GoOnServing(Service& service, const fs::path& folder, const sigset_t& signals) {
  if (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0) return;
  std::printf(
      "Still serving. Try, in another terminal:\n\n"
      "  curl --cacert %s -H 'Content-Type: application/json' \\\n"
      "    --data @%s https://localhost:%d/mutate\n\nCtrl-C ends it.\n",
      service.authority_file().c_str(), (folder / kJobs[1].file).c_str(), service.port());
  std::fflush(stdout);
  int ignored = 0;
  sigwait(&signals, &ignored);
}

ExitStatus Run(const Options& options) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  const Folder folder;
  if (folder.path().empty() || !WriteFiles(folder.path())) return ExitStatus::kUsage;
  ServiceOptions service_options;
  service_options.listen = options.listen;
  service_options.policy_file = (folder.path() / "policy.yaml").string();
  service_options.cluster_file = (folder.path() / "cluster.yaml").string();
  service_options.certificate.state_dir = folder.path();
  service_options.base.engine_version = kVersion;
  service_options.log_level = LogLevel::kOff;
  service_options.quiet = std::chrono::milliseconds(0);
  auto started = Service::Start(std::move(service_options));
  if (const auto* errors = std::get_if<std::vector<policy::Error>>(&started)) {
    for (const policy::Error& error : *errors) Complain(error);
    return ExitStatus::kUsage;
  }
  auto& service = std::get<std::unique_ptr<Service>>(started);
  const auto snapshot = DemoSnapshot(folder.path());
  if (!snapshot) return ExitStatus::kUsage;
  std::string text =
      "The webhook answers on https://localhost" +
      (options.picture.empty() ? ":" + std::to_string(service->port()) : std::string()) +
      ": an example policy, an example cluster of 100 nodes\nwith 39 GiB and 10 cores each, and "
      "certificates made just now. Two AdmissionReviews were sent to it.\n\n";
  const Paint paint(!options.picture.empty() || StdoutTakesColours());
  for (const Job& job : kJobs) {
    const std::string review(job.review);
    const auto response = Ask(*service, review);
    const auto decision = response ? Decide(*snapshot, review, *response)
                                   : policy::Result<nlohmann::json>(response.error());
    if (!decision) {
      Complain(decision.error());
      return ExitStatus::kUsage;
    }
    text += JobText(job, *decision, paint) + "\n";
  }
  if (!options.picture.empty()) {
    const auto written =
        certs::ReplaceFile(options.picture, PictureOf(text, "ballast demo"), false);
    if (!written) Complain(written.error());
    return written ? ExitStatus::kAdmitted : ExitStatus::kUsage;
  }
  ShowText(text);
  GoOnServing(*service, folder.path(), signals);
  service->Drain();
  return ExitStatus::kAdmitted;
}

}  // namespace

void AddDemo(Command app, ExitStatus& status) {
  const Command command =
      app.AddSubcommand("demo", "See it work: the webhook on loopback and two real jobs");
  auto options = std::make_shared<Options>();
  command.AddOption("--listen", options->listen, "Where the webhook answers; port 0: a free one")
      .TypeName("ADDR:PORT")
      .ShowDefault();
  command.AddOption("--picture", options->picture, "Write what is shown into an SVG file instead")
      .TypeName("FILE");
  command.SetFooter(
      "In a terminal it goes on serving until Ctrl-C; without one it ends.\n\n"
      "Examples:\n  ballast demo\n  ballast demo --picture demo.svg");
  command.OnCall([options, &status] { status = Run(*options); });
}

}  // namespace ballast::webhook
