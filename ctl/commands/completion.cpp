// completion: the script that makes a shell complete p2pctl's command lines. Each asks p2pctl at
// every press of Tab (see complete/for_shells.hpp), so none of them knows a command. What comes
// back is never evaluated; bash alone takes words as they would be typed.
#include "ctl/commands/commands.hpp"

#include "ctl/base/failure.hpp"

namespace p2pd::ctl {

namespace {

using proto::Value;

constexpr std::string_view bash = R"(# Completion of p2pctl for bash, by "p2pctl completion bash".
_p2pctl() {
  local kind word
  COMPREPLY=()
  {
    read -r kind
    while IFS= read -r word; do
      COMPREPLY+=("$word")
    done
  } < <(command p2pctl __complete bash "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)
  [[ $kind != paths ]] || compopt -o default
}
complete -F _p2pctl p2pctl
)";

constexpr std::string_view zsh = R"(#compdef p2pctl
# Completion of p2pctl for zsh, by "p2pctl completion zsh".
_p2pctl() {
  local line word
  local -a lines described
  lines=("${(@f)$(command p2pctl __complete words \
    "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
  if [[ $lines[1] == paths ]]; then
    _files
    return
  fi
  for line in "${(@)lines[2,-1]}"; do
    word=${${line%%$'\t'*}//\\/\\\\}
    described+=("${word//:/\\:}:${line#*$'\t'}")
  done
  _describe -V p2pctl described
}
if [[ $funcstack[1] == _p2pctl ]]; then
  _p2pctl "$@"
else
  compdef _p2pctl p2pctl
fi
)";

constexpr std::string_view fish = R"(# Completion of p2pctl for fish, by "p2pctl completion fish".
function __p2pctl_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct | string unescape)
    set -l lines (command p2pctl __complete words $before[2..-1] "$current" 2>/dev/null)
    if test "$lines[1]" = paths
        __fish_complete_path (commandline -ct)
    else
        printf '%s\n' $lines[2..-1]
    end
end
complete -c p2pctl -f -a '(__p2pctl_complete)'
)";

std::string_view script_for(std::string_view shell) {
  if (shell == "bash") return bash;
  if (shell == "zsh") return zsh;
  if (shell == "fish") return fish;
  throw Failure(proto::ExitCode::usage, "there is no completion for \"" + std::string(shell) + '"',
                "name bash, zsh or fish");
}

} // namespace

Value make_completion(const Value& params) {
  const std::string shell = params["shell"].text();
  return {{"shell", shell}, {"script", script_for(shell)}};
}

std::string render_completion(Answers answers, const Style&) {
  return answers.front()["script"].text();
}

} // namespace p2pd::ctl
