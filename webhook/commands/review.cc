// `ballast review`: one AdmissionReview in, the answer out, as the webhook would give it.

#include "webhook/admission/review.h"

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "webhook/admission/admit.h"
#include "webhook/commands/command_line.h"
#include "webhook/commands/inputs.h"
#include "webhook/version.h"

namespace ballast::webhook {
namespace {

struct Options {
  InputOptions inputs;
  std::string endpoint = "mutate";
};

ExitStatus Run(const Options& options) {
  auto body = ReadWholeFile("-");
  if (!body) return ExitStatus::kUsage;
  ReviewReader reader;
  const auto read = reader.Read(*body);
  if (const auto* bad = std::get_if<BadReview>(&read)) {
    Complain({"standard input" + (bad->error.where.empty() ? "" : ", " + bad->error.where),
              bad->error.what});
    if (!bad->uid.empty()) std::printf("%s\n", EncodeReview(RefuseBadReview(*bad)).c_str());
    return ExitStatus::kUsage;
  }
  const auto& request = std::get<AdmissionRequest>(read);
  auto inputs = LoadInputs(options.inputs, {.namespace_name = std::string(request.namespace_name)});
  if (!inputs) return ExitStatus::kUsage;
  const int64_t now_seconds = inputs->now_seconds;
  const Snapshot snapshot = MakeSnapshot(*std::move(inputs));
  const AdmissionAnswer answer =
      Admit(request, options.endpoint == "validate" ? Endpoint::kValidate : Endpoint::kMutate,
            snapshot, now_seconds);
  std::printf("%s\n", EncodeReview(answer).c_str());
  return answer.allowed ? ExitStatus::kAdmitted : ExitStatus::kRejected;
}

}  // namespace

void AddReview(Command app, ExitStatus& status) {
  const Command command =
      app.AddSubcommand("review", "Answer one AdmissionReview from standard input");
  auto options = std::make_shared<Options>();
  command.AddOption("--endpoint", options->endpoint, "Which webhook answers")
      .OneOf({"mutate", "validate"})
      .ShowDefault();
  AddInputOptions(command, options->inputs);
  command.SetFooter("Example:\n  ballast review --cluster nodes.yaml < review.json");
  command.OnCall([options, &status] { status = Run(*options); });
}

}  // namespace ballast::webhook
