// What the rows of the command table refer to: arguments, options and examples, in the order of the
// rows. Only for command_table.cpp. Thread: any; constants.
#pragma once

#include "proto/commands.hpp"
#include "proto/event_kinds.hpp"

#include <array>

namespace p2pd::proto {

inline constexpr std::array status_examples{
    Example{"p2pctl status", "is it a member, and are its trackers there"},
    Example{"p2pctl -i tracker status", "the same of the instance p2pd@tracker"}};
inline constexpr std::array peers_examples{
    Example{"p2pctl peers", "who is there, and how far away"}};
inline constexpr std::array files_examples{Example{"p2pctl files", "what there is to fetch"}};

inline constexpr std::array search_arguments{
    Parameter{.name = "pattern", .help = "a part of the name, or a glob", .required = true}};
inline constexpr std::array search_examples{
    Example{"p2pctl search debian", "everything with \"debian\" in its name"},
    Example{"p2pctl search '*.iso'", "every name that ends so"}};

inline constexpr std::array one_content_arguments{
    Parameter{.name = "content",
              .kind = Kind::content,
              .help = "a name, NAME@PEER or a prefix of an id",
              .required = true}};
inline constexpr std::array chunks_examples{
    Example{"p2pctl chunks debian.iso", "how far everybody is, and what is rare"}};

inline constexpr std::array peer_arguments{
    Parameter{.name = "peer",
              .kind = Kind::peer,
              .help = "a node name, an address or a prefix of a peer id",
              .required = true}};
inline constexpr std::array discover_examples{
    Example{"p2pctl discover build-07", "its files, and where they lie in its share folder"}};

inline constexpr std::array ping_options{
    Parameter{.name = "count",
              .kind = Kind::count,
              .help = "so many times, 3 unless given, 100 at most",
              .brief = "-c",
              .value = "N"}};
inline constexpr std::array ping_examples{
    Example{"p2pctl ping build-07", "is it there, and how far away"}};

inline constexpr std::array watch_options{
    Parameter{.name = "filter",
              .help = "this kind of event alone; several may be named",
              .list = true,
              .value = "KIND",
              .choices = event_words}};
inline constexpr std::array watch_examples{
    Example{"p2pctl watch", "who comes and goes, what is published and fetched"},
    Example{"p2pctl watch --filter done --filter failed", "how this peer's transfers end"}};

inline constexpr std::array publish_arguments{Parameter{
    .name = "path", .kind = Kind::path, .help = "files to share", .required = true, .each = true}};
inline constexpr std::array<std::string_view, 3> symlink_rules{"keep", "follow", "refuse"};
inline constexpr std::array publish_options{
    Parameter{.name = "name", .help = "publish under this name instead of the file's own"},
    Parameter{.name = "copy", .kind = Kind::flag, .help = "copy it into a share folder first"},
    Parameter{.name = "chunk-size", .kind = Kind::size, .help = "a power of two, 16 KiB to 4 MiB"},
    Parameter{.name = "exclude",
              .help = "of a folder, leave out what matches",
              .list = true,
              .value = "GLOB"},
    Parameter{.name = "skip-special",
              .kind = Kind::flag,
              .help = "leave out what a content cannot hold, and list it"},
    Parameter{.name = "links",
              .help = "what becomes of symlinks: keep, follow or refuse",
              .value = "HOW",
              .choices = symlink_rules},
    Parameter{.name = "wait-copies",
              .kind = Kind::count,
              .help = "return when so many peers have all of it",
              .value = "N"}};
inline constexpr std::array publish_examples{
    Example{"p2pctl publish /srv/images/debian.iso", "share a file under its own name"},
    Example{"p2pctl publish build.tar --name nightly", "share it as \"nightly\""},
    Example{"p2pctl publish --copy ~/talk.mp4", "share a copy of what lies elsewhere"},
    Example{"p2pctl publish /srv/site --exclude .git --exclude '*.tmp'", "a folder without these"},
    Example{"p2pctl publish /srv/venv --skip-special", "without symlinks that lead elsewhere"},
    Example{"p2pctl publish build.tar --wait-copies 3", "return when two others have it, too"}};

inline constexpr std::array unpublish_examples{
    Example{"p2pctl unpublish nightly", "stop offering it; the file stays"}};

inline constexpr std::array content_arguments{
    Parameter{.name = "content",
              .kind = Kind::content,
              .help = "names, NAME@PEER or prefixes of ids",
              .required = true,
              .each = true}};
inline constexpr std::array fetch_options{
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
inline constexpr std::array fetch_examples{
    Example{"p2pctl fetch debian.iso", "into the download folder, from all who have it"},
    Example{"p2pctl fetch nightly@build-07 -o /srv/nightly.tar", "this publisher's, to this file"},
    Example{"p2pctl fetch 3fa1 99c0 -o /srv/images", "two contents at once, by id, into a folder"},
    Example{"p2pctl fetch photos --only '*.jpg' --only '2024/*'", "a part of a folder"},
    Example{"p2pctl fetch --detach debian.iso", "do not wait until it is there"}};

inline constexpr std::array transfers_examples{
    Example{"p2pctl transfers", "what is being fetched, and how the others ended"}};

inline constexpr std::array transfer_arguments{
    Parameter{.name = "transfer",
              .kind = Kind::transfer,
              .help = "ids that \"p2pctl transfers\" shows",
              .required = true,
              .each = true}};
inline constexpr std::array pause_examples{
    Example{"p2pctl pause 3", "make way for something urgent"}};
inline constexpr std::array resume_examples{
    Example{"p2pctl resume 3", "go on where it was paused, or try again where it failed"}};
inline constexpr std::array cancel_examples{
    Example{"p2pctl cancel 3 4", "end both and remove what they have fetched"}};
inline constexpr std::array forget_examples{
    Example{"p2pctl forget 3", "take what has ended off the list; a finished file stays"}};
inline constexpr std::array wait_examples{
    Example{"p2pctl wait 3", "until it is done, with its progress"}};

inline constexpr std::array verify_examples{
    Example{"p2pctl verify debian.iso", "read it all again and compare it with its hashes"}};

inline constexpr std::array<std::string_view, 4> levels{"error", "warn", "info", "debug"};
inline constexpr std::array level_arguments{Parameter{
    .name = "level", .help = "error, warn, info or debug", .required = true, .choices = levels}};
inline constexpr std::array reload_examples{
    Example{"p2pctl reload", "put an edited config in force"}};
inline constexpr std::array level_examples{
    Example{"p2pctl log-level debug", "look closely for a while"}};

inline constexpr std::array limit_options{
    Parameter{.name = "up", .kind = Kind::rate, .help = "send at most so much; 0 = no limit"},
    Parameter{.name = "down", .kind = Kind::rate, .help = "receive at most so much; 0 = no limit"}};
inline constexpr std::array limit_examples{
    Example{"p2pctl limit", "show what is in force"},
    Example{"p2pctl limit --up 5MB/s --down 0", "for office hours"}};

inline constexpr std::array why_examples{
    Example{"p2pctl why 3", "what keeps it, and what to do about it"}};

inline constexpr std::array delay_arguments{Parameter{
    .name = "delay", .kind = Kind::duration, .help = "such as 300ms; 0 = none", .required = true}};
inline constexpr std::array delay_examples{
    Example{"p2pctl delay 300ms", "see how fetchers prefer the others"}};

inline constexpr std::array token_arguments{Parameter{
    .name = "token", .help = "what \"p2pctl invite\" printed; - reads it", .required = true}};
inline constexpr std::array tracker_arguments{
    Parameter{.name = "tracker", .help = "HOST:PORT or PEERID@HOST:PORT", .required = true}};
inline constexpr std::array any_tracker_arguments{
    Parameter{.name = "tracker", .help = "its address or a prefix of its id; none: all of them"}};
inline constexpr std::array invite_examples{
    Example{"p2pctl invite", "print a token, for p2pctl join on the new machine"}};
inline constexpr std::array join_examples{
    Example{"p2pctl join -", "with the token from stdin, so that no history has it"}};
inline constexpr std::array connect_examples{
    Example{"p2pctl connect tracker.example:7440", "a second tracker of the same network"}};
inline constexpr std::array disconnect_examples{
    Example{"p2pctl disconnect tracker.example:7440", "do not register with it any more"}};
inline constexpr std::array kick_examples{
    Example{"p2pctl kick build-07", "end its link; it will dial again"}};
inline constexpr std::array ban_examples{
    Example{"p2pctl ban build-07", "keep it out, here and at all peers"}};
inline constexpr std::array unban_examples{Example{"p2pctl unban build-07", "let it in again"}};
inline constexpr std::array bans_examples{Example{"p2pctl bans", "whom this tracker keeps out"}};

inline constexpr std::array doctor_examples{Example{"p2pctl doctor", "why does it not work?"}};

inline constexpr std::array shutdown_examples{
    Example{"p2pctl shutdown", "its fetches go on when it is started again"}};
inline constexpr std::array secret_examples{
    Example{"p2pctl secret new", "for networks whose secret is provisioned as a file"}};

inline constexpr std::array help_arguments{
    Parameter{.name = "command", .kind = Kind::command, .help = "the command to explain"}};

inline constexpr std::array top_examples{
    Example{"p2pctl top", "q leaves, s sorts in another order"}};
inline constexpr std::array shell_examples{
    Example{"p2pctl shell", "and ? there lists the commands"},
    Example{"p2pctl shell <script", "one command a line"}};

inline constexpr std::array<std::string_view, 3> shells{"bash", "zsh", "fish"};
inline constexpr std::array completion_arguments{
    Parameter{.name = "shell", .help = "bash, zsh or fish", .required = true, .choices = shells}};
inline constexpr std::array completion_examples{
    Example{"p2pctl completion bash >~/.local/share/bash-completion/completions/p2pctl",
            "where it was not installed with p2pctl"}};

inline constexpr std::array help_examples{
    Example{"p2pctl help fetch", "its arguments and options, with examples"}};

} // namespace p2pd::proto
