// The rows of the command table.
// Long because it is one table.
#include "proto/commands.hpp"

#include <array>

namespace p2pd::proto {

namespace {

using enum Runs;
using enum Access;

constexpr std::array status_examples{
    Example{"p2pctl status", "is it a member, and are its trackers there"},
    Example{"p2pctl -i tracker status", "the same of the instance p2pd@tracker"}};
constexpr std::array peers_examples{Example{"p2pctl peers", "who is there, and how far away"}};
constexpr std::array files_examples{Example{"p2pctl files", "what there is to fetch"}};

constexpr std::array search_arguments{
    Parameter{.name = "pattern", .help = "a part of the name, or a glob", .required = true}};
constexpr std::array search_examples{
    Example{"p2pctl search debian", "everything with \"debian\" in its name"},
    Example{"p2pctl search '*.iso'", "every name that ends so"}};

constexpr std::array one_content_arguments{
    Parameter{.name = "content",
              .kind = Kind::content,
              .help = "a name, NAME@PEER or a prefix of an id",
              .required = true}};
constexpr std::array chunks_examples{
    Example{"p2pctl chunks debian.iso", "how far everybody is, and what is rare"}};

constexpr std::array peer_arguments{
    Parameter{.name = "peer",
              .kind = Kind::peer,
              .help = "a node name, an address or a prefix of a peer id",
              .required = true}};
constexpr std::array discover_examples{
    Example{"p2pctl discover build-07", "its files, and where they lie in its share folder"}};

constexpr std::array ping_options{Parameter{.name = "count",
                                            .kind = Kind::count,
                                            .help = "so many times, 3 unless given, 100 at most",
                                            .brief = "-c",
                                            .value = "N"}};
constexpr std::array ping_examples{
    Example{"p2pctl ping build-07", "is it there, and how far away"}};

constexpr std::array<std::string_view, 9> event_kinds{
    "came", "left", "lost", "published", "withdrawn", "fetched", "done", "failed", "distrusted"};
constexpr std::array watch_options{
    Parameter{.name = "filter",
              .help = "this kind of event alone; several may be named",
              .list = true,
              .value = "KIND",
              .choices = event_kinds}};
constexpr std::array watch_examples{
    Example{"p2pctl watch", "who comes and goes, what is published and fetched"},
    Example{"p2pctl watch --filter done --filter failed", "how this peer's transfers end"}};

constexpr std::array publish_arguments{Parameter{
    .name = "path", .kind = Kind::path, .help = "files to share", .required = true, .each = true}};
constexpr std::array publish_options{
    Parameter{.name = "name", .help = "publish under this name instead of the file's own"},
    Parameter{.name = "copy", .kind = Kind::flag, .help = "copy it into a share folder first"},
    Parameter{.name = "chunk-size", .kind = Kind::size, .help = "a power of two, 16 KiB to 4 MiB"},
    Parameter{.name = "wait-copies",
              .kind = Kind::count,
              .help = "return when so many peers have all of it",
              .value = "N"}};
constexpr std::array publish_examples{
    Example{"p2pctl publish /srv/images/debian.iso", "share a file under its own name"},
    Example{"p2pctl publish build.tar --name nightly", "share it as \"nightly\""},
    Example{"p2pctl publish --copy ~/talk.mp4", "share a copy of what lies elsewhere"},
    Example{"p2pctl publish build.tar --wait-copies 3", "return when two others have it, too"}};

constexpr std::array unpublish_examples{
    Example{"p2pctl unpublish nightly", "stop offering it; the file stays"}};

constexpr std::array content_arguments{Parameter{.name = "content",
                                                 .kind = Kind::content,
                                                 .help = "names, NAME@PEER or prefixes of ids",
                                                 .required = true,
                                                 .each = true}};
constexpr std::array fetch_options{
    Parameter{.name = "output",
              .kind = Kind::path,
              .help = "a file, or a folder to put it in",
              .brief = "-o"},
    Parameter{.name = "from",
              .kind = Kind::peer,
              .help = "from these peers alone",
              .list = true,
              .value = "PEER"},
    Parameter{.name = "only",
              .help = "of a folder, the files below it whose path matches",
              .list = true,
              .value = "GLOB"},
    Parameter{.name = "in-order", .kind = Kind::flag, .help = "from the first chunk to the last"},
    Parameter{.name = "detach",
              .kind = Kind::flag,
              .help = "return as soon as the daemon has it in hand"},
    Parameter{.name = "force", .kind = Kind::flag, .help = "replace what is at the destination"},
    Parameter{.name = "no-wait",
              .kind = Kind::flag,
              .help = "fail when no source has what is missing, do not wait for one"}};
constexpr std::array fetch_examples{
    Example{"p2pctl fetch debian.iso", "into the download folder, from all who have it"},
    Example{"p2pctl fetch nightly@build-07 -o /srv/nightly.tar", "this publisher's, to this file"},
    Example{"p2pctl fetch 3fa1 99c0 -o /srv/images", "two contents at once, by id, into a folder"},
    Example{"p2pctl fetch photos --only '*.jpg' --only '2024/*'", "a part of a folder"},
    Example{"p2pctl fetch --detach debian.iso", "do not wait until it is there"}};

constexpr std::array transfers_examples{
    Example{"p2pctl transfers", "what is being fetched, and how the others ended"}};

constexpr std::array transfer_arguments{Parameter{.name = "transfer",
                                                  .kind = Kind::transfer,
                                                  .help = "ids that \"p2pctl transfers\" shows",
                                                  .required = true,
                                                  .each = true}};
constexpr std::array pause_examples{Example{"p2pctl pause 3", "make way for something urgent"}};
constexpr std::array resume_examples{
    Example{"p2pctl resume 3", "go on where it was paused, or try again where it failed"}};
constexpr std::array cancel_examples{
    Example{"p2pctl cancel 3 4", "end both and remove what they have fetched"}};
constexpr std::array forget_examples{
    Example{"p2pctl forget 3", "take what has ended off the list; a finished file stays"}};
constexpr std::array wait_examples{Example{"p2pctl wait 3", "until it is done, with its progress"}};

constexpr std::array verify_examples{
    Example{"p2pctl verify debian.iso", "read it all again and compare it with its hashes"}};

constexpr std::array<std::string_view, 4> levels{"error", "warn", "info", "debug"};
constexpr std::array level_arguments{Parameter{
    .name = "level", .help = "error, warn, info or debug", .required = true, .choices = levels}};
constexpr std::array reload_examples{Example{"p2pctl reload", "put an edited config in force"}};
constexpr std::array level_examples{Example{"p2pctl log-level debug", "look closely for a while"}};

constexpr std::array limit_options{
    Parameter{.name = "up", .kind = Kind::rate, .help = "send at most so much; 0 = no limit"},
    Parameter{.name = "down", .kind = Kind::rate, .help = "receive at most so much; 0 = no limit"}};
constexpr std::array limit_examples{
    Example{"p2pctl limit", "show what is in force"},
    Example{"p2pctl limit --up 5MB/s --down 0", "for office hours"}};

constexpr std::array why_examples{
    Example{"p2pctl why 3", "what keeps it, and what to do about it"}};

constexpr std::array delay_arguments{Parameter{
    .name = "delay", .kind = Kind::duration, .help = "such as 300ms; 0 = none", .required = true}};
constexpr std::array delay_examples{
    Example{"p2pctl delay 300ms", "see how fetchers prefer the others"}};

constexpr std::array token_arguments{Parameter{
    .name = "token", .help = "what \"p2pctl invite\" printed; - reads it", .required = true}};
constexpr std::array tracker_arguments{
    Parameter{.name = "tracker", .help = "HOST:PORT or PEERID@HOST:PORT", .required = true}};
constexpr std::array any_tracker_arguments{
    Parameter{.name = "tracker", .help = "its address or a prefix of its id; none: all of them"}};
constexpr std::array invite_examples{
    Example{"p2pctl invite", "print a token, for p2pctl join on the new machine"}};
constexpr std::array join_examples{
    Example{"p2pctl join -", "with the token from stdin, so that no history has it"}};
constexpr std::array connect_examples{
    Example{"p2pctl connect tracker.example:7440", "a second tracker of the same network"}};
constexpr std::array disconnect_examples{
    Example{"p2pctl disconnect tracker.example:7440", "do not register with it any more"}};
constexpr std::array kick_examples{
    Example{"p2pctl kick build-07", "end its link; it will dial again"}};
constexpr std::array ban_examples{
    Example{"p2pctl ban build-07", "keep it out, here and at all peers"}};
constexpr std::array unban_examples{Example{"p2pctl unban build-07", "let it in again"}};
constexpr std::array bans_examples{Example{"p2pctl bans", "whom this tracker keeps out"}};

constexpr std::array doctor_examples{Example{"p2pctl doctor", "why does it not work?"}};

constexpr std::array shutdown_examples{
    Example{"p2pctl shutdown", "its fetches go on when it is started again"}};
constexpr std::array secret_examples{
    Example{"p2pctl secret new", "for networks whose secret is provisioned as a file"}};

constexpr std::array help_arguments{
    Parameter{.name = "command", .kind = Kind::command, .help = "the command to explain"}};

constexpr std::array top_examples{Example{"p2pctl top", "q leaves, s sorts in another order"}};
constexpr std::array shell_examples{Example{"p2pctl shell", "and ? there lists the commands"},
                                    Example{"p2pctl shell <script", "one command a line"}};

constexpr std::array<std::string_view, 3> shells{"bash", "zsh", "fish"};
constexpr std::array completion_arguments{
    Parameter{.name = "shell", .help = "bash, zsh or fish", .required = true, .choices = shells}};
constexpr std::array completion_examples{
    Example{"p2pctl completion bash >~/.local/share/bash-completion/completions/p2pctl",
            "where it was not installed with p2pctl"}};

constexpr std::array help_examples{
    Example{"p2pctl help fetch", "its arguments and options, with examples"}};

constexpr std::array table{
    Command{.name = "status",
            .runs = on_both,
            .summary = "what this node is and does",
            .examples = status_examples,
            .access = read},
    Command{.name = "peers",
            .runs = on_both,
            .summary = "who is connected; on a tracker, who is registered",
            .examples = peers_examples,
            .access = read},
    Command{.name = "files",
            .alias = "list",
            .runs = on_both,
            .summary = "the catalog: every content that can be fetched",
            .examples = files_examples,
            .access = read},
    Command{.name = "search",
            .runs = on_both,
            .summary = "the contents whose name matches",
            .arguments = search_arguments,
            .examples = search_examples,
            .access = read},
    Command{.name = "chunks",
            .runs = on_both,
            .summary = "who has which chunks of a content, and which are rare",
            .arguments = one_content_arguments,
            .examples = chunks_examples,
            .access = read},
    Command{.name = "discover",
            .runs = on_both,
            .summary = "what a peer shares",
            .arguments = peer_arguments,
            .examples = discover_examples,
            .access = read},
    Command{.name = "ping",
            .runs = on_both,
            .summary = "whether a peer answers, by which way, and how fast",
            .arguments = peer_arguments,
            .options = ping_options,
            .examples = ping_examples,
            .access = read},
    Command{.name = "watch",
            .runs = on_both,
            .summary = "what happens, a line each, until it is interrupted",
            .options = watch_options,
            .examples = watch_examples,
            .access = read},
    Command{.name = "publish",
            .runs = on_peer,
            .summary = "hash files and offer them to everyone",
            .arguments = publish_arguments,
            .options = publish_options,
            .examples = publish_examples},
    Command{.name = "unpublish",
            .runs = on_peer,
            .summary = "stop offering a content",
            .arguments = one_content_arguments,
            .examples = unpublish_examples},
    Command{.name = "fetch",
            .runs = on_peer,
            .summary = "get contents, each from all its sources at once",
            .arguments = content_arguments,
            .options = fetch_options,
            .examples = fetch_examples},
    Command{.name = "transfers",
            .runs = on_peer,
            .summary = "fetches that run, and those that ended",
            .examples = transfers_examples,
            .access = read},
    Command{.name = "pause",
            .runs = on_peer,
            .summary = "let transfers rest; they keep what they have",
            .arguments = transfer_arguments,
            .examples = pause_examples},
    Command{.name = "resume",
            .runs = on_peer,
            .summary = "let paused transfers go on, and try failed ones again",
            .arguments = transfer_arguments,
            .examples = resume_examples},
    Command{.name = "cancel",
            .runs = on_peer,
            .summary = "end transfers and remove what they have fetched",
            .arguments = transfer_arguments,
            .examples = cancel_examples},
    Command{.name = "forget",
            .runs = on_peer,
            .summary = "take transfers that ended off the list",
            .arguments = transfer_arguments,
            .examples = forget_examples},
    Command{.name = "wait",
            .runs = on_peer,
            .summary = "wait until transfers are done",
            .arguments = transfer_arguments,
            .examples = wait_examples,
            .access = read},
    Command{.name = "why",
            .runs = on_peer,
            .summary = "why transfers are slow or stuck, and what to do",
            .arguments = transfer_arguments,
            .examples = why_examples,
            .access = read},
    Command{.name = "verify",
            .runs = on_peer,
            .summary = "hash what is on disk again, chunk by chunk",
            .arguments = content_arguments,
            .examples = verify_examples},
    Command{.name = "limit",
            .runs = on_peer,
            .summary = "show or set the rates, until a restart or reload",
            .options = limit_options,
            .examples = limit_examples},
    Command{.name = "delay",
            .runs = on_peer,
            .summary = "answer requests for chunks late, to try the scheduler",
            .arguments = delay_arguments,
            .examples = delay_examples},
    Command{.name = "invite",
            .runs = on_tracker,
            .summary = "print a token that makes a machine a member",
            .examples = invite_examples},
    Command{.name = "join",
            .runs = on_peer,
            .summary = "become a member of a tracker's network",
            .arguments = token_arguments,
            .examples = join_examples},
    Command{.name = "connect",
            .runs = on_peer,
            .summary = "add a tracker of the same network",
            .arguments = tracker_arguments,
            .examples = connect_examples},
    Command{.name = "disconnect",
            .runs = on_peer,
            .summary = "drop a tracker, or all of them",
            .arguments = any_tracker_arguments,
            .examples = disconnect_examples},
    Command{.name = "kick",
            .runs = on_tracker,
            .summary = "end the link to a peer, which may come back",
            .arguments = peer_arguments,
            .examples = kick_examples},
    Command{.name = "ban",
            .runs = on_tracker,
            .summary = "put a peer out, here and at all peers",
            .arguments = peer_arguments,
            .examples = ban_examples},
    Command{.name = "unban",
            .runs = on_tracker,
            .summary = "let a banned peer in again",
            .arguments = peer_arguments,
            .examples = unban_examples},
    Command{.name = "bans",
            .runs = on_tracker,
            .summary = "who is banned here",
            .examples = bans_examples,
            .access = read},
    Command{.name = "doctor",
            .runs = on_both,
            .summary = "look for what is wrong, and say what to do about it",
            .examples = doctor_examples,
            .access = read},
    Command{.name = "reload",
            .runs = on_both,
            .summary = "read the config again, and put in force what changed",
            .examples = reload_examples},
    Command{.name = "log-level",
            .runs = on_both,
            .summary = "set how much the log says, until a restart or reload",
            .arguments = level_arguments,
            .examples = level_examples},
    Command{.name = "shutdown",
            .runs = on_both,
            .summary = "stop the daemon cleanly",
            .examples = shutdown_examples},
    Command{.name = "secret new",
            .runs = without_daemon,
            .summary = "print a fresh network secret",
            .examples = secret_examples,
            .access = read},
    Command{.name = "help",
            .runs = without_daemon,
            .summary = "explain a command, or list them all",
            .arguments = help_arguments,
            .examples = help_examples,
            .access = read},
    Command{.name = "top",
            .runs = without_daemon,
            .summary = "transfers, peers and rates, live on the whole screen",
            .examples = top_examples,
            .access = read},
    Command{.name = "shell",
            .runs = without_daemon,
            .summary = "the same commands at a prompt, with history and completion",
            .examples = shell_examples,
            .access = read},
    Command{.name = "completion",
            .runs = without_daemon,
            .summary = "print the script that completes p2pctl's lines in a shell",
            .arguments = completion_arguments,
            .examples = completion_examples,
            .access = read},
};

} // namespace

std::span<const Command> commands() {
  return table;
}

} // namespace p2pd::proto
