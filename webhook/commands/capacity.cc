// `ballast capacity`: the cluster's memory and cores, what a workload strands of them, and which
// shape of executor would not.

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "k8s/json_text.h"
#include "policy/evaluate.h"
#include "policy/recommend.h"
#include "webhook/commands/command_line.h"
#include "webhook/commands/inputs.h"
#include "webhook/commands/live_documents.h"
#include "webhook/commands/workloads.h"
#include "webhook/text/capacity_text.h"
#include "webhook/text/terminal.h"

namespace ballast::webhook {
namespace {

struct Options {
  InputOptions inputs;
  DocumentChoice choice;
  std::string type = "jvm";
  std::string output = "text";
  bool recommend = false;
  bool all = false;
};

// What the policy leaves of the cluster for this workload (an empty one: for any).
struct View {
  std::shared_ptr<const policy::EffectivePolicy> policy;
  policy::ApplicationLimits application;  // those that the policy holds applications to
  policy::EligibleNodes nodes;
  int64_t left_out = 0;  // nodes that executors placed anywhere could run on, and these may not
};

View ViewFor(const Inputs& inputs, const policy::Workload& workload) {
  View view;
  const std::string& name = workload.resource.namespace_name;
  view.policy = inputs.policies.For(name, NamespaceOf(inputs, name).labels, workload.labels);
  policy::Context context = policy::MakeContext(workload, view.policy->policy, inputs.cluster);
  if (context.ModeOf("cluster-share") != policy::Mode::kOff) {
    view.application = view.policy->policy.limits.application;
  }
  view.nodes = std::move(context.executor_nodes);
  policy::Workload anywhere = workload;
  anywhere.executor_placement = {};
  anywhere.executor_placement.tolerations.push_back({"", "Exists", "", ""});
  const auto all = policy::MakeContext(anywhere, view.policy->policy, inputs.cluster);
  view.left_out = all.executor_nodes.nodes() - view.nodes.nodes();
  return view;
}

policy::RecommendOptions RecommendOptionsFor(const Options& options, const View& view,
                                             const std::vector<policy::Workload>& workloads) {
  policy::RecommendOptions recommend;
  if (!workloads.empty() && workloads.front().sizes.ok()) {
    recommend = policy::OptionsFor(workloads.front());
  } else if (options.type != "jvm") {
    recommend.overhead_factor = policy::DefaultOverheadFactor(policy::Language::kPython);
  }
  recommend.limits = view.policy->policy.limits.executor;
  recommend.application = view.application;
  return recommend;
}

ExitStatus Run(const Options& options) {
  // Without a word about applications it is about the cluster alone.
  const auto documents = options.choice.any() ? LoadDocuments(options.choice, options.inputs)
                                              : std::optional(std::vector<k8s::ManifestDocument>());
  if (!documents) return ExitStatus::kUsage;
  const auto inputs = LoadInputs(options.inputs, {.namespace_name = options.choice.namespace_name,
                                                  .all = options.choice.all,
                                                  .documents = &*documents});
  if (!inputs) return ExitStatus::kUsage;
  const auto workloads = ReadWorkloads(*documents, inputs->read_options, inputs->namespace_name);
  if (!workloads) return ExitStatus::kUsage;
  const View whole = ViewFor(*inputs, workloads->empty() ? policy::Workload() : workloads->front());
  if (!whole.nodes.known()) {
    Complain({"capacity", whole.nodes.abstain +
                              ": give --cluster FILE (kubectl get nodes -o yaml), name a live one "
                              "(--context), or give a policy with nodePools"});
    return ExitStatus::kUsage;
  }
  const Paint paint(StdoutTakesColours());
  nlohmann::json json = {{"cluster", ClusterJson(whole.nodes)}};
  json["cluster"]["leftOut"] = whole.left_out;
  std::string text = ClusterText(whole.nodes, paint);
  if (whole.left_out > 0) {
    text += "  " + Grouped(whole.left_out) +
            (whole.left_out == 1 ? " more node is" : " more nodes are") +
            " left out: its taints are not tolerated, or it is not selected\n";
  }
  for (const policy::Workload& workload : *workloads) {
    const View view = ViewFor(*inputs, workload);
    const auto fit = policy::FitWorkload(view.nodes, workload, view.application);
    if (!fit) {
      Complain({workload.resource.name, "its sizes cannot be computed: see `ballast explain -f`"});
      return ExitStatus::kUsage;
    }
    text += "\n" + FitText(*fit, workload, paint);
    json["workloads"].push_back(FitJson(*fit));
  }
  if (options.recommend) {
    const auto classes =
        policy::Recommend(whole.nodes, RecommendOptionsFor(options, whole, *workloads));
    text += "\n" + RecommendationText(classes, options.all, paint);
    json["recommendations"] = RecommendationJson(classes);
  }
  if (options.output == "json") text = k8s::PrintJson(json, 2) + "\n";
  ShowText(text);
  return ExitStatus::kAdmitted;
}

}  // namespace

void AddCapacity(Command app, ExitStatus& status) {
  const Command command =
      app.AddSubcommand("capacity", "The cluster's memory and cores, and what a workload strands");
  auto options = std::make_shared<Options>();
  AddDocumentChoice(command, options->choice);
  command.AddFlag("--recommend", options->recommend,
                  "Propose the executors that leave the least memory and cores unused");
  command.AddFlag("--all", options->all,
                  "Every shape that --recommend tried, not only those that tell something");
  command.AddOption("--type", options->type, "What --recommend is for, where no workload is given")
      .OneOf({"jvm", "python", "r"})
      .ShowDefault();
  command.AddOption("-o,--output", options->output, "How to print it")
      .OneOf({"text", "json"})
      .ShowDefault();
  AddInputOptions(command, options->inputs);
  command.SetFooter(
      "Examples:\n"
      "  ballast capacity --context production\n"
      "  ballast capacity sessions -n team-a --context production\n"
      "  ballast capacity --cluster nodes.yaml\n"
      "  ballast capacity --cluster nodes.yaml -f job.yaml\n"
      "  ballast capacity --cluster nodes.yaml --recommend");
  command.OnCall([options, &status] { status = Run(*options); });
}

}  // namespace ballast::webhook
