// `ballast explain`: where the memory of driver and executor goes, from a manifest, a properties
// file or settings on the command line.

#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "k8s/json_text.h"
#include "k8s/properties.h"
#include "webhook/commands/command_line.h"
#include "webhook/commands/explain_batch.h"
#include "webhook/commands/inputs.h"
#include "webhook/commands/live_documents.h"
#include "webhook/commands/program_name.h"
#include "webhook/commands/workloads.h"
#include "webhook/text/explain_text.h"
#include "webhook/text/terminal.h"

namespace ballast::webhook {
namespace {

struct Options {
  DocumentChoice choice;
  ClusterOptions cluster;
  std::string properties;
  std::vector<std::string> settings;  // key=value
  std::string type = "jvm";
  std::string output = "text";
  bool batch = false;
  VersionOptions versions;
};

// What is explained, with the name under which it was given.
struct Subject {
  std::string name;
  policy::Workload workload;
};

policy::Language LanguageOf(const std::string& type) {
  if (type == "python") return policy::Language::kPython;
  return type == "r" ? policy::Language::kR : policy::Language::kJvm;
}

bool AddManifests(const Options& options, const k8s::ReadOptions& read_options,
                  std::vector<Subject>& subjects) {
  const auto documents = LoadDocuments(options.choice, options.cluster);
  if (!documents) return false;
  const std::string& space = options.choice.namespace_name;
  auto workloads = ReadWorkloads(*documents, read_options, space.empty() ? "default" : space);
  if (!workloads) return false;
  for (policy::Workload& workload : *workloads) {
    std::string name = workload.resource.kind + " ";
    if (options.choice.live()) name += workload.resource.namespace_name + "/";
    name += workload.resource.name;
    subjects.push_back({std::move(name), std::move(workload)});
  }
  return true;
}

bool AddSettings(const Options& options, const k8s::ReadOptions& read_options,
                 std::vector<Subject>& subjects) {
  policy::SparkConf conf;
  if (!options.properties.empty()) {
    const auto text = ReadWholeFile(options.properties);
    if (!text) return false;
    const auto read = k8s::Properties::Parse(*text);
    if (!read) {
      Complain({options.properties + ", " + read.error().where, read.error().what});
      return false;
    }
    conf = read->ToConf();
  }
  for (const std::string& pair : options.settings) {
    const size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      Complain({"--conf " + pair, "write key=value, as for spark-submit"});
      return false;
    }
    conf.Set(pair.substr(0, equals), pair.substr(equals + 1));
  }
  policy::Workload workload;
  workload.conf = std::move(conf);
  workload.language = LanguageOf(options.type);
  workload.version_known = !options.versions.spark_version.empty();
  workload.versions.runtime = read_options.unset_version;
  workload.versions.submit = read_options.operator_version.value_or(read_options.unset_version);
  policy::Derive(workload);
  subjects.push_back({"", std::move(workload)});
  return true;
}

// One request a line, one answer a line, until the input ends.
ExitStatus Batch() {
  std::ios::sync_with_stdio(false);
  std::string line;
  while (std::getline(std::cin, line)) {
    if (!line.empty()) std::cout << ExplainBatchLine(line) << '\n';
  }
  std::cout.flush();
  return ExitStatus::kAdmitted;
}

ExitStatus Run(const Options& options) {
  if (options.batch) return Batch();
  const auto read_options = ReadVersionOptions(options.versions);
  if (!read_options) return ExitStatus::kUsage;
  std::vector<Subject> subjects;
  const bool settings = !options.properties.empty() || !options.settings.empty();
  const bool live = options.choice.any() || IsKubectlPlugin() || !options.cluster.context.empty() ||
                    !options.cluster.kubeconfig.empty() || !options.choice.namespace_name.empty();
  if (!options.choice.files.empty() && settings) {
    Complain({"explain",
              "takes its settings from -f FILE, or from --conf and --properties: leave "
              "one of them out"});
    return ExitStatus::kUsage;
  }
  if (!options.choice.files.empty() || (live && !settings)) {
    if (!AddManifests(options, *read_options, subjects)) return ExitStatus::kUsage;
    if (subjects.empty() && options.choice.live()) return ExitStatus::kAdmitted;
    if (subjects.empty()) {
      Complain({options.choice.files.front(),
                "holds no Spark object (a SparkApplication, for example)"});
      return ExitStatus::kUsage;
    }
  } else if (settings) {
    if (!AddSettings(options, *read_options, subjects)) return ExitStatus::kUsage;
  } else {
    Complain({"explain",
              "needs -f FILE, the name of a live application, --properties FILE, "
              "--conf KEY=VALUE or --batch"});
    return ExitStatus::kUsage;
  }
  const Paint paint(StdoutTakesColours());
  nlohmann::json all = nlohmann::json::array();
  for (const Subject& subject : subjects) {
    if (options.output == "json") {
      all.push_back(ExplainSizes(subject.workload));
    } else {
      if (!subject.name.empty()) ShowText(paint(Colour::kBold, subject.name) + "\n");
      ShowText(ExplainText(subject.workload, paint));
      if (&subject != &subjects.back()) ShowText("\n");
    }
  }
  if (options.output == "json") {
    ShowText(k8s::PrintJson(all.size() == 1 ? all[0] : all, 2) + "\n");
  }
  return ExitStatus::kAdmitted;
}

}  // namespace

void AddExplain(Command app, ExitStatus& status) {
  const Command command =
      app.AddSubcommand("explain", "Where the memory of driver and executor goes, to the mebibyte");
  auto options = std::make_shared<Options>();
  AddDocumentChoice(command, options->choice);
  command
      .AddOption("--properties", options->properties,
                 "Java properties, as spark-defaults.conf or a driver's spark.properties")
      .TypeName("FILE");
  command.AddOption("--conf", options->settings, "One setting, as for spark-submit; repeatable")
      .TypeName("KEY=VALUE")
      .OnePerName();
  command.AddOption("--type", options->type, "What --properties and --conf are for")
      .OneOf({"jvm", "python", "r"})
      .ShowDefault();
  command.AddOption("-o,--output", options->output, "How to print it")
      .OneOf({"text", "json"})
      .ShowDefault();
  command.AddFlag("--batch", options->batch,
                  "Answer JSON requests, one a line, from standard input:\n"
                  "{\"id\",\"type\":\"jvm|python|r\",\"sparkVersion\",\"conf\":{...}}");
  AddClusterOptions(command, options->cluster);
  AddVersionOptions(command, options->versions);
  command.SetFooter(
      "Examples:\n"
      "  ballast explain -f job.yaml\n"
      "  ballast explain --conf spark.executor.memory=28g --conf spark.executor.cores=4\n"
      "  ballast explain --properties spark-defaults.conf --type python -o json\n"
      "  ballast explain sessions -n team-a --context production");
  command.OnCall([options, &status] { status = Run(*options); });
}

}  // namespace ballast::webhook
