// Package contract holds every exchange of the tests against the official
// description of the Atlas Admin API: what the client sent, and what the
// emulator answered, in the version that was asked for.
//
// Only tests import it. A package whose tests talk to the emulator hands the
// emulator a [Recorder]'s Tap and runs through [Main]:
//
//	var exchanges contract.Recorder
//
//	func TestMain(m *testing.M) { os.Exit(contract.Main(m, &exchanges)) }
//
// Tests that run the command in subprocesses record there with [FromEnv]; Main
// tells the subprocesses where, and reads what they wrote. With scripts, that is
//
//	testscript.Main(contract.Checked(m, &exchanges), commands)
//
// and a Setup that hands ATLASCTL_SYNC_EXCHANGES on to the script.
//
// The description is somebody else's work and is not part of this repository.
// [Find] says where it is looked for; without it Main says that the check was
// skipped.
package contract
