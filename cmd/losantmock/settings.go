package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"gopkg.in/yaml.v3"
)

// Where a flag's value comes from, the first that has one: the command line,
// the environment, the settings file, the default.

// environmentPrefix begins the names of the variables that stand for flags:
// LOSANTMOCK_LISTEN stands for --listen.
const environmentPrefix = "LOSANTMOCK_"

// settingsFile is looked for in the working folder. Its keys are the names of
// flags.
const settingsFile = "losantmock.yaml"

// maxSettings is how many bytes of a settings file are read.
const maxSettings = 1 << 20

// setting is a value for a flag, and where it stands.
type setting struct {
	texts []string // several for a flag that can be given repeatedly
	from  string   // "LOSANTMOCK_LISTEN", "losantmock.yaml:3"
}

func variable(flag *pflag.Flag) string {
	return environmentPrefix + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
}

// settle sets each flag that was not given from its variable or from the
// settings file, and gives where the value of each flag comes from.
func settle(flags *pflag.FlagSet, file map[string]setting) (from map[string]string, err error) {
	from = map[string]string{}
	flags.VisitAll(func(flag *pflag.Flag) {
		wanted, inFile := file[flag.Name]
		if text := os.Getenv(variable(flag)); text != "" {
			wanted, inFile = setting{[]string{text}, variable(flag)}, true
		}
		switch {
		case err != nil || flag.Name == "help":
		case flag.Changed:
			from[flag.Name] = "--" + flag.Name
		case inFile:
			from[flag.Name] = wanted.from
			if e := set(flags, flag, wanted.texts); e != nil {
				err = fmt.Errorf("%s: %w", wanted.from, e)
			}
		default:
			from[flag.Name] = "default"
		}
	})
	return from, err
}

func set(flags *pflag.FlagSet, flag *pflag.Flag, texts []string) error {
	if list, ok := flag.Value.(pflag.SliceValue); ok && len(texts) > 1 {
		flag.Changed = true // as Set says
		return list.Replace(texts)
	}
	if len(texts) != 1 {
		return errors.New("--" + flag.Name + " takes one value")
	}
	return flags.Set(flag.Name, texts[0])
}

// readSettings reads a settings file; one that is not there has no settings.
// A key that is no flag of any command is an error with its place.
func readSettings(root *cobra.Command, path string) (map[string]setting, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxSettings+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(text) > maxSettings {
		return nil, fmt.Errorf("%s has more than %d bytes", path, maxSettings)
	}
	var nodes map[string]yaml.Node
	if err := yaml.Unmarshal(text, &nodes); err != nil {
		return nil, fmt.Errorf("%s: want a flag's name and its value in each line, such as listen: 127.0.0.1:9000 (%w)", path, err)
	}
	known := flagNames(root)
	settings := map[string]setting{}
	for key, node := range nodes {
		place := fmt.Sprintf("%s:%d", path, node.Line)
		if !slices.Contains(known, key) {
			return nil, fmt.Errorf("%s: %s is no flag%s", place, key, didYouMean(key, known))
		}
		texts := []string{node.Value}
		if node.Kind == yaml.SequenceNode {
			if err := node.Decode(&texts); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", place, key, err)
			}
		} else if node.Kind != yaml.ScalarNode {
			return nil, fmt.Errorf("%s: %s: want a value, or a list of values", place, key)
		}
		settings[key] = setting{texts, place}
	}
	return settings, nil
}

// flagNames are the names of the flags of all commands.
func flagNames(command *cobra.Command) (names []string) {
	command.LocalFlags().VisitAll(func(flag *pflag.Flag) { names = append(names, flag.Name) })
	for _, child := range command.Commands() {
		names = append(names, flagNames(child)...)
	}
	return names
}

// didYouMean names what comes near to a word, by the same measure by which
// cobra suggests commands.
func didYouMean(word string, known []string) string {
	all := &cobra.Command{SuggestionsMinimumDistance: 2}
	for _, name := range known {
		all.AddCommand(&cobra.Command{Use: name, Run: func(*cobra.Command, []string) {}})
	}
	near := all.SuggestionsFor(word)
	slices.Sort(near)
	if near = slices.Compact(near); len(near) == 0 {
		return ""
	}
	return ": did you mean " + strings.Join(near, " or ") + "?"
}

// suggestFlag says which flag may have been meant by one that is unknown.
func suggestFlag(cmd *cobra.Command, err error) error {
	typed, unknown := strings.CutPrefix(err.Error(), "unknown flag: --")
	if !unknown {
		return err
	}
	var names []string
	cmd.Flags().VisitAll(func(flag *pflag.Flag) { names = append(names, flag.Name) })
	return fmt.Errorf("%w%s", err, strings.ReplaceAll(didYouMean(typed, names), "did you mean ", "did you mean --"))
}

// value is what holds for a flag, for newConfig.
type value struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	From  string `json:"from"`
}

func newConfig() *cobra.Command {
	var asJSON bool
	serve := newServe()
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Print the settings of serve, and where each comes from",
		Long: `Config prints what serve would start with, and where each setting comes from: the command line, a variable such as LOSANTMOCK_LISTEN, the file ` + settingsFile + ` in the working folder, or the default; the first that has a value counts. The keys of the file are the names of flags:

  listen: 127.0.0.1:9000
  scenario: [default, ./orders.yaml]
  journal: requests.jsonl`,
		Example: `  losantmock config
  LOSANTMOCK_LISTEN=:9000 losantmock config --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			file, err := readSettings(cmd.Root(), settingsFile)
			if err != nil {
				return err
			}
			from, err := settle(serve.Flags(), file)
			if err != nil {
				return err
			}
			var values []value
			serve.Flags().VisitAll(func(flag *pflag.Flag) {
				text := flag.Value.String()
				if flag.Name == "admin-token" && text != "" {
					text = "(not shown)"
				}
				if flag.Name != "help" {
					values = append(values, value{flag.Name, text, from[flag.Name]})
				}
			})
			return printValues(cmd.OutOrStdout(), values, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a line of JSON for each setting")
	return cmd
}

func printValues(w io.Writer, values []value, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(w)
		for _, v := range values {
			if err := e.Encode(v); err != nil {
				return err
			}
		}
		return nil
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, v := range values {
		fmt.Fprintf(table, "%s\t%s\t%s\n", v.Name, v.Value, v.From)
	}
	return table.Flush()
}
